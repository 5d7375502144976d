import { posix } from 'node:path';
import type { Resource } from '../load/resource';
import type { Hop } from '../proof';
import { blocks, text } from '../value/read';
import { fieldsOf } from '../value/fields';
import { Unknown, type Value, type ValueObject } from '../value/value';
import { type Findings, MAKE_KNOWN, why } from './claim';

/** Folders of a host through which a container takes the host over. */
const HOST_FOLDERS =
  /^\/(?:|(?:var\/)?run(?:\/.*)?|s?bin(?:\/.*)?|lib\w*(?:\/.*)?|opt(?:\/(?:amazon|aws|cni)(?:\/.*)?)?|etc(?:\/.*)?|proc(?:\/.*)?|sys(?:\/.*)?|dev(?:\/.*)?|root(?:\/.*)?|home(?:\/.*)?|usr(?:\/.*)?|boot(?:\/.*)?|var(?:\/spool(?:\/.*)?|\/lib(?:\/(?:docker|ecs|containerd|cloud|amazon|systemd|kubelet)(?:\/.*)?)?)?)$/;

/** File systems that show the kernel of the host, whatever their device is called (mount(8)). */
const KERNEL = /^(proc|sysfs|devtmpfs|devpts|cgroup2?|debugfs|tracefs|securityfs|configfs|bpf)$/i;

type Text = string | Unknown;

/** Volumes of a task: none may be a folder of its host. */
export function checkVolume(
  findings: Findings,
  task: Resource,
  volume: ValueObject | Unknown,
  path: readonly Hop[],
): void {
  for (const folder of volume instanceof Unknown ? [volume] : foldersOf(volume)) {
    if (folder instanceof Unknown)
      findings.unproven(task, `a volume of ${task.address} is not known: ${why(folder)}`, path, MAKE_KNOWN);
    else if (HOST_FOLDERS.test(posix.resolve('/', folder)))
      findings.broken(
        task,
        `${task.address} mounts ${folder} of its host, by which it can take the host over`,
        path,
        'use a volume without host_path',
      );
  }
}

/** Folders of the host, also where a Docker volume binds one (Docker, "docker volume create", driver `local`). */
function foldersOf(volume: ValueObject): Text[] {
  const docker = blocks(volume.docker_volume_configuration).flatMap((each): Text[] =>
    each instanceof Unknown ? [each] : mountedBy(each.driver_opts),
  );
  return [...texts([volume.host_path]), ...docker];
}

function mountedBy(options: Value | undefined): Text[] {
  const layers = texts(fieldsOf(options, 'o')).flatMap((each) => (each instanceof Unknown ? [each] : layersOf(each)));
  const types = texts(fieldsOf(options, 'type')).flatMap((each): Text[] => {
    if (each instanceof Unknown) return [each];
    return KERNEL.test(each) ? ['/proc'] : [];
  });
  return [...texts(fieldsOf(options, 'device')), ...layers, ...types];
}

/** `lowerdir=/,upperdir=/a`: an overlay of folders that its device does not name. */
function layersOf(options: string): Text[] {
  const lists = [...options.matchAll(/\b\w+dir\s*=([^,]*)/gi)].map(([, folders = '']) => folders);
  return lists.flatMap((folders) => folders.split(':')).filter((each) => each !== '');
}

function texts(values: readonly (Value | undefined)[]): Text[] {
  return values.map(text).filter((each): each is Text => each !== undefined && each !== '');
}
