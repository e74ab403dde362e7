# Values without resources or providers, so that a test can hold them against what `ecs-dns iam` prints and against the
# CloudFormation template.
locals {
  applies          = var.mode == "apply"
  syncs            = var.policy == "sync"
  writes_cnames    = local.syncs && var.cname != "false"
  reads_registries = var.names != "metadata"
  stops_tasks      = local.applies && var.stop_unhealthy_tasks != "false"
  sends_events     = local.applies && var.event_bus != null
  # Also without IPv6 any more, or without sync any more: what was written with both has to go.
  may_have_ipv6 = local.syncs || var.ipv6

  reconcile_function = "${var.name}-reconcile"
  events_function    = "${var.name}-events"

  zone_arn    = "arn:${var.partition}:route53:::hostedzone/${var.zone_id}"
  ecs_arn     = "arn:${var.partition}:ecs:${var.region}:${var.account_id}"
  cluster_arn = "${local.ecs_arn}:cluster/*"

  in_this_region    = { StringEquals = { "aws:RequestedRegion" = [var.region] } }
  in_these_clusters = { ArnLike = { "ecs:cluster" = [local.cluster_arn] } }
}
