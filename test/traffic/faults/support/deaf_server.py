"""Takes no connection: listens on the port given, with a queue that is full. Prints `ready`; ends with its standard input.

Linux drops a SYN for a listener whose queue is full, so whoever dials waits as for a lost packet.
"""

import socket
import sys
import time

port = int(sys.argv[1])
listener = socket.socket(socket.AF_INET6)
listener.bind(("::", port))
listener.listen(0)
queued = []
for _ in range(8):
    client = socket.socket()
    client.setblocking(False)
    client.connect_ex(("127.0.0.1", port))
    queued.append(client)
# As soon as one more is still on its way after a second, the queue is full.
probe = socket.socket()
probe.settimeout(1)
for _ in range(30):
    try:
        probe.connect(("127.0.0.1", port))
    except TimeoutError:
        break
    queued.append(probe)
    probe = socket.socket()
    probe.settimeout(1)
print("ready", flush=True)
sys.stdin.read()
