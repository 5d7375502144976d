import { thisMachine, wheelFor } from '../../../lib/gateway/wheels';

describe('wheelFor', () => {
  it('has a wheel for each processor that Envoy is published for', () => {
    expect(wheelFor({ platform: 'linux', arch: 'x64', glibc: '2.31' })).toMatchObject({
      platform: 'manylinux_2_31_x86_64',
    });
    expect(wheelFor({ platform: 'linux', arch: 'arm64', glibc: '2.41' })).toMatchObject({
      platform: 'manylinux_2_31_aarch64',
    });
  });

  it.each([
    [{ platform: 'darwin', arch: 'arm64' }, 'there is no download for darwin.'],
    [{ platform: 'win32', arch: 'x64' }, 'there is no download for win32.'],
    [{ platform: 'linux', arch: 'riscv64', glibc: '2.40' }, 'there is no download for Linux on riscv64.'],
    [{ platform: 'linux', arch: 'x64' }, 'there is no download for Linux without glibc (such as Alpine).'],
    [
      { platform: 'linux', arch: 'x64', glibc: '2.28' },
      'the download needs glibc 2.31 or newer, and this machine has 2.28.',
    ],
  ])('says why there is none for %j', (machine, why) => {
    expect(wheelFor(machine)).toBe(why);
  });
});

it('thisMachine says what Node runs on', () => {
  expect(thisMachine()).toMatchObject({ platform: process.platform, arch: process.arch });
});
