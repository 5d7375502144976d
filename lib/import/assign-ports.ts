import { HIGHEST_PORT } from '../policy/ports';
import { ImportError } from './errors';

/** The first port that is given. */
const FIRST_PORT = 10_000;

/**
 * A port for each workload: the one that it had, else the lowest from 10000 on that nobody has or had. A port is a workload's
 * identity, so one that was another's is not given again.
 * @param before The ports of the policy that is replaced, by workload.
 * @throws ImportError if there are not as many ports.
 */
export function assignPorts(names: readonly string[], before: ReadonlyMap<string, number>): Map<string, number> {
  const taken = new Set(before.values());
  let next = FIRST_PORT;
  return new Map(
    names.map((name) => {
      while (!before.has(name) && taken.has(next)) next += 1;
      const port = before.get(name) ?? next;
      if (port > HIGHEST_PORT) {
        const message = `${names.length} workloads are more than there are ports from ${FIRST_PORT} on; import fewer files at once`;
        throw new ImportError([message]);
      }
      taken.add(port);
      return [name, port];
    }),
  );
}
