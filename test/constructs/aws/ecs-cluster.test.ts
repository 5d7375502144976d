import { EcsCluster } from '../../../constructs/aws/ecs-cluster';
import { synthesized } from '../support/synth';

test('a cluster with Container Insights and no list of providers of its own', () => {
  const stack = synthesized((scope) => new EcsCluster(scope, 'cluster', { clusterName: 'env', tags: { a: 'b' } }));
  expect(stack.only('aws_ecs_cluster')).toEqual({
    name: 'env',
    setting: [{ name: 'containerInsights', value: 'enabled' }],
    tags: { Name: 'env', a: 'b' },
  });
  expect(stack.list('aws_ecs_cluster_capacity_providers')).toEqual([]);
});

test('capacity providers stand in one list, beside Fargate', () => {
  const stack = synthesized((scope) => {
    const cluster = new EcsCluster(scope, 'cluster', { clusterName: 'env' });
    expect(cluster.addCapacityProvider('one')).toBe(cluster.addCapacityProvider('two'));
  });
  expect(stack.only('aws_ecs_cluster_capacity_providers').capacity_providers).toEqual(['FARGATE', 'one', 'two']);
});
