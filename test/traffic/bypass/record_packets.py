"""Writes one line of JSON for each packet that begins something on the loopback device: a TCP SYN, a UDP datagram, or a packet of another
protocol, whether or not anybody listens where it goes. `record_packets.py`; it ends with its standard input.

["ready"]                                            from now on nothing is missed
["tcp", "127.0.0.1", 40000, "93.184.215.14", 443]    protocol, source, its port, destination, its port; "icmp", "icmp6", "ip 132", ... without ports
["mark", "7", 0]                                     the datagram `mark 7` to port 9; everything sent before it stands above. 0: packets lost so far
"""

import ctypes
import json
import mmap
import os
import select
import socket
import struct
import sys
import threading

ETH_P_ALL, IPV4, IPV6 = 3, 0x0800, 0x86DD
SOL_PACKET, PACKET_RX_RING, PACKET_STATISTICS = 263, 5, 6
SO_ATTACH_FILTER = 26
# A ring that is shared with the kernel (packet_mmap.rst, TPACKET_V1): a socket's own buffer holds less than one flood.
FRAME_BYTES, BLOCK_BYTES, BLOCKS = 512, 1 << 16, 256
FRAMES = BLOCK_BYTES // FRAME_BYTES * BLOCKS
FRAME = struct.Struct("LIIHH")  # status, length, kept length, where the link header begins, where the packet begins
LINK_AT = 32  # sockaddr_ll
TCP, UDP, DISCARD = 6, 17, 9
EXTENSIONS = {0, 43, 60}  # IPv6 hop-by-hop, routing, destination options
FRAGMENT = 44
NAMES = {1: "icmp", 58: "icmp6"}

# Classic BPF (linux/filter.h): what is sent, and of TCP only what has SYN without ACK; the kernel drops the rest before it costs anything.
LDB, LDH, LDW, LDX_IHL, LDB_X, AND = 0x30, 0x28, 0x20, 0xB1, 0x50, 0x54
JEQ, JSET, RET = 0x15, 0x45, 0x06
ANCILLARY, PROTOCOL, DIRECTION, OUTGOING = 0xFFFFF000, 0, 4, 4
KEEP, DROP = (RET, 0, 0, 256), (RET, 0, 0, 0)
PROGRAM = [
    (LDW, 0, 0, ANCILLARY + DIRECTION),
    (JEQ, 0, 17, OUTGOING),
    (LDH, 0, 0, ANCILLARY + PROTOCOL),
    (JEQ, 1, 0, IPV4),
    (JEQ, 8, 13, IPV6),
    (LDB, 0, 0, 9),
    (JEQ, 0, 11, TCP),
    (LDH, 0, 0, 6),
    (JSET, 9, 0, 0x1FFF),
    (LDX_IHL, 0, 0, 0),
    (LDB_X, 0, 0, 13),
    (AND, 0, 0, 0x12),
    (JEQ, 5, 6, 2),
    (LDB, 0, 0, 6),
    (JEQ, 0, 3, TCP),
    (LDB, 0, 0, 53),
    (AND, 0, 0, 0x12),
    (JEQ, 0, 1, 2),
    KEEP,
    DROP,
]


def attach_filter(packets):
    code = b"".join(struct.pack("HBBI", *each) for each in PROGRAM)
    buffer = ctypes.create_string_buffer(code)
    program = struct.pack("HL", len(PROGRAM), ctypes.addressof(buffer))
    packets.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)


def read_v4(packet):
    size = (packet[0] & 15) * 4
    source, destination = (socket.inet_ntop(socket.AF_INET, packet[at : at + 4]) for at in (12, 16))
    later_fragment = struct.unpack("!H", packet[6:8])[0] & 0x1FFF
    return source, destination, FRAGMENT if later_fragment else packet[9], packet[size:]


def read_v6(packet):
    source, destination = (socket.inet_ntop(socket.AF_INET6, packet[at : at + 16]) for at in (8, 24))
    kind, rest = packet[6], packet[40:]
    while kind in EXTENSIONS and len(rest) > 1:
        kind, rest = rest[0], rest[(rest[1] + 1) * 8 :]
    return source, destination, kind, rest


def describe(protocol, packet):
    if protocol not in (IPV4, IPV6):
        return None
    source, destination, kind, rest = (read_v4 if protocol == IPV4 else read_v6)(packet)
    if kind == TCP and len(rest) >= 14:
        if rest[13] & 0x12 != 2:
            return None
    elif kind != UDP or len(rest) < 8:
        return [NAMES.get(kind, f"ip {kind}"), source, rest[0] if rest else 0, destination, 0]
    source_port, port = struct.unpack("!HH", rest[:4])
    if kind == UDP and port == DISCARD and rest[8:13] == b"mark ":
        return ["mark", rest[13:].decode("latin1")]
    return ["tcp" if kind == TCP else "udp", source, source_port, destination, port]


def frames(packets):
    """(protocol, packet) of every frame of the ring, as they come."""
    packets.setsockopt(SOL_PACKET, PACKET_RX_RING, struct.pack("IIII", BLOCK_BYTES, BLOCKS, FRAME_BYTES, FRAMES))
    ring = mmap.mmap(packets.fileno(), BLOCK_BYTES * BLOCKS)
    packets.bind(("lo", ETH_P_ALL))
    arrival = select.poll()
    arrival.register(packets, select.POLLIN)
    print('["ready"]', flush=True)
    at = 0
    while True:
        status, _, kept, _, begin = FRAME.unpack_from(ring, at)
        if not status & 1:
            arrival.poll()
            continue
        protocol = struct.unpack_from("!H", ring, at + LINK_AT + 2)[0]
        packet = ring[at + begin : at + begin + kept]
        struct.pack_into("L", ring, at, 0)
        at = (at + FRAME_BYTES) % (FRAME_BYTES * FRAMES)
        yield protocol, packet


def main():
    packets = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
    attach_filter(packets)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    lost = 0
    for protocol, packet in frames(packets):
        seen = describe(protocol, packet)
        if seen is None:
            continue
        if seen[0] == "mark":
            # Reading the statistics resets them.
            lost += struct.unpack("II", packets.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[1]
            seen.append(lost)
        print(json.dumps(seen), flush=True)


main()
