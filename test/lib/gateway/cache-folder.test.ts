import { cacheFolder } from '../../../lib/gateway/cache-folder';

describe('cacheFolder', () => {
  it('is in ~/.cache', () => {
    expect(cacheFolder({ HOME: '/home/a' }, 'linux')).toBe('/home/a/.cache/mcp-egress');
  });

  it('follows XDG_CACHE_HOME', () => {
    expect(cacheFolder({ HOME: '/home/a', XDG_CACHE_HOME: '/var/c' }, 'linux')).toBe('/var/c/mcp-egress');
  });

  it('ignores a relative XDG_CACHE_HOME', () => {
    expect(cacheFolder({ HOME: '/home/a', XDG_CACHE_HOME: 'c' }, 'linux')).toBe('/home/a/.cache/mcp-egress');
  });

  it('is in ~/Library/Caches on macOS', () => {
    expect(cacheFolder({ HOME: '/Users/a', XDG_CACHE_HOME: '/var/c' }, 'darwin')).toBe(
      '/Users/a/Library/Caches/mcp-egress',
    );
  });

  it('is what MCP_EGRESS_CACHE says, before everything else', () => {
    expect(cacheFolder({ HOME: '/home/a', XDG_CACHE_HOME: '/var/c', MCP_EGRESS_CACHE: '/big/disk' }, 'linux')).toBe(
      '/big/disk',
    );
  });
});
