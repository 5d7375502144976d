import { bootstrap } from '../../../lib/envoy/bootstrap';
import { BUFFER_BYTES } from '../../../lib/envoy/names';

describe('bootstrap', () => {
  it('has no admin interface and no limit on the heap unless asked for', () => {
    const plain = bootstrap('/etc/x');
    expect(plain).not.toHaveProperty('admin');
    expect(JSON.stringify(plain)).not.toContain('fixed_heap');
  });

  it('has an admin socket for its owner alone, or with the mode that is asked for', () => {
    const mode = (adminSocketMode?: number): unknown =>
      bootstrap('/etc/x', { adminSocket: '/run/a.sock', adminSocketMode }).admin;
    expect(mode()).toEqual({ address: { pipe: { path: '/run/a.sock', mode: 0o600 } } });
    expect(mode(0o666)).toEqual({ address: { pipe: { path: '/run/a.sock', mode: 0o666 } } });
  });

  it('lets as little wait between workload and guard as on every other connection', () => {
    expect(bootstrap('/etc/x')).toHaveProperty(
      'bootstrap_extensions.0.typed_config.buffer_size_kb',
      BUFFER_BYTES / 1024,
    );
  });

  it('limits the heap beside the connections', () => {
    const { overload_manager: overload } = bootstrap('/etc/x', { maxHeapMegabytes: 512 });
    expect(overload).toMatchObject({
      resource_monitors: [
        { name: 'envoy.resource_monitors.global_downstream_max_connections' },
        { name: 'envoy.resource_monitors.fixed_heap', typed_config: { max_heap_size_bytes: 536_870_912 } },
      ],
    });
    expect(overload).toHaveProperty('actions.3.name', 'envoy.overload_actions.stop_accepting_requests');
  });
});
