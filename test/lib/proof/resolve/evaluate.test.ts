import { loadDocuments } from '../../../../lib/proof/load/documents';
import { show } from '../../../../lib/proof/value/value';

/** What an attribute of a resource comes to, as Terraform would write it. */
function value(text: unknown, rest: object = {}): string {
  const json = {
    locals: { zone: 'a', names: ['x', 'y'], vpc: '${aws_vpc.main.id}' },
    data: { aws_region: { here: {} } },
    resource: {
      aws_vpc: { main: { cidr_block: '10.0.0.0/16', tags: { Name: 'main' } } },
      aws_subnet: { many: { count: 2, vpc_id: '${aws_vpc.main.id}' }, 'one-a': { vpc_id: '${local.vpc}' } },
      aws_thing: { it: { value: text } },
    },
    ...rest,
  };
  const [loaded] = loadDocuments([{ name: 'x', json }]);
  return show(loaded?.resources.find(({ address }) => address === 'aws_thing.it')?.get('value'));
}

describe('expressions', () => {
  it.each<[unknown, string]>([
    ['plain', '"plain"'],
    ['${aws_vpc.main.id}', 'aws_vpc.main.id'],
    ['${aws_subnet.one-a.id}', 'aws_subnet.one-a.id'],
    ['${aws_subnet.one-a.vpc_id}', 'aws_vpc.main.id'],
    ['${aws_vpc.main.cidr_block}', '"10.0.0.0/16"'],
    ['${aws_vpc.main.tags.Name}', '"main"'],
    ['${aws_vpc.main.tags["Name"]}', '"main"'],
    ['${aws_vpc.main.dns_entry[0].dns_name}', 'aws_vpc.main.dns_entry[0].dns_name'],
    ['${aws_subnet.many[0].id}', 'aws_subnet.many.id'],
    ['${aws_subnet.one-a[*].id}', '[aws_subnet.one-a.id]'],
    ['${local.zone}', '"a"'],
    ['${local.names[1]}', '"y"'],
    ['${local.vpc}', 'aws_vpc.main.id'],
    ['eu-${local.zone}-1', '"eu-a-1"'],
    ['${data.aws_region.here.name}.x', '"${data.aws_region.here.name}.x"'],
    ['$${literal} %%{literal}', '"${literal} %{literal}"'],
    ['${concat([aws_vpc.main.id], local.names)}', '[aws_vpc.main.id, "x", "y"]'],
    ['${merge({"a" = 1}, {b = "2"})}', '{"a":1,"b":"2"}'],
    ['${element(local.names, 3)}', '"y"'],
    ['${jsonencode({"a" = "${aws_vpc.main.cidr_block}"})}', '{"a":"10.0.0.0/16"}'],
    ['${base64encode("hi")}', '"aGk="'],
    ['${true}', 'true'],
    ['${12}', '12'],
    [{ deep: ['${local.zone}'] }, '{"deep":["a"]}'],
  ])('%j is %s', (text, expected) => {
    expect(value(text)).toBe(expected);
  });

  it.each([
    '${var.x}',
    '${module.m.x}',
    '${each.value}',
    '${count.index}',
    '${aws_subnet.many[*].id}',
    '${aws_nothing.x.id}',
    '${var.a ? "b" : "c"}',
    '${1 + 1}',
    '${file("x")}',
    '${[for x in local.names : x]}',
    '${aws_vpc.main}',
    '${data.terraform_remote_state.other.outputs.x}',
    '${',
  ])('%s is not known', (text) => {
    expect(value(text)).toBe(text.endsWith('}') ? text : '${}');
  });

  it('follows outputs of other documents, by backend or by the name that cdktf gives', () => {
    const producer = {
      '//': { metadata: { stackName: 'net' } },
      terraform: { backend: { s3: { bucket: 'b', key: 'net' } } },
      output: { vpc: { value: '${aws_vpc.main.id}' } },
      resource: { aws_vpc: { main: {} } },
    };
    const consumer = (name: string, config: object, workspace?: string) => ({
      data: { terraform_remote_state: { [name]: { backend: 's3', config, workspace } } },
      resource: { aws_thing: { it: { value: `\${data.terraform_remote_state.${name}.outputs.vpc}` } } },
    });
    const read = (json: object): string => {
      const loaded = loadDocuments([
        { name: 'a', json },
        { name: 'b', json: producer },
      ]);
      return show(loaded[0]?.resources[0]?.get('value'));
    };
    expect(read(consumer('x', { bucket: 'b', key: 'net', region: 'r' }))).toBe('aws_vpc.main.id');
    expect(read(consumer('cross-stack-reference-input-net', {}))).toBe('aws_vpc.main.id');
    expect(read(consumer('x', { bucket: 'b', key: 'other' }))).toBe('${data.terraform_remote_state.x.outputs.vpc}');
    expect(read(consumer('x', {}))).toBe('${data.terraform_remote_state.x.outputs.vpc}');
    const place = { bucket: 'b', key: 'net' };
    expect(read(consumer('x', place, '${terraform.workspace}'))).toBe('aws_vpc.main.id');
    expect(read(consumer('x', place, 'sandbox'))).toBe('${data.terraform_remote_state.x.outputs.vpc}');
    const name = 'cross-stack-reference-input-net';
    const unknown = `\${data.terraform_remote_state.${name}.outputs.vpc}`;
    expect(read(consumer(name, { bucket: 'b', key: 'net-of-production' }))).toBe(unknown);
    expect(read(consumer(name, { ...place, prefix: 'x' }))).toBe('aws_vpc.main.id');
  });
});

describe('loadDocuments', () => {
  it('refuses what is no Terraform JSON, all of it at once', () => {
    const load = () =>
      loadDocuments([
        { name: 'a', json: [] },
        { name: 'b', json: { hello: 1 } },
        { name: 'b', json: { resource: {} } },
      ]);
    expect(load).toThrow(
      /"a": this is not Terraform JSON[^]*"b": this is not Terraform JSON[^]*"b": two documents have this name/,
    );
    expect(() => loadDocuments([])).toThrow(/no document: give the cdk\.tf\.json of each stack/);
  });
});
