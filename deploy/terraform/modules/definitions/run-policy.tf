locals {
  run_statements = [
    {
      when = true
      statement = {
        Sid      = "ReadZone"
        Effect   = "Allow"
        Action   = ["route53:GetHostedZone", "route53:ListResourceRecordSets", "route53:ListResourceRecordSetProtections"]
        Resource = [local.zone_arn]
      }
    },
    {
      when = local.applies
      statement = {
        Sid      = "ChangeZone"
        Effect   = "Allow"
        Action   = ["route53:ChangeResourceRecordSets"]
        Resource = [local.zone_arn]
        Condition = {
          "ForAllValues:StringEquals" = {
            "route53:ChangeResourceRecordSetsActions" = ["DELETE", "CREATE"]
            "route53:ChangeResourceRecordSetsRecordTypes" = concat(
              ["SRV", "A"],
              local.may_have_ipv6 ? ["AAAA"] : [],
              local.writes_cnames ? ["CNAME"] : [],
            )
          }
        }
      }
    },
    {
      # The changes that took a task's records out: a change gets its id when it is made.
      when = local.stops_tasks
      statement = {
        Sid      = "ReadChanges"
        Effect   = "Allow"
        Action   = ["route53:GetChange"]
        Resource = ["arn:${var.partition}:route53:::change/*"]
      }
    },
    {
      # None of these knows resources; all are kept to the region.
      when = true
      statement = {
        Sid    = "ReadRegion"
        Effect = "Allow"
        Action = concat(
          [
            "ecs:ListClusters",
            "ecs:DescribeTaskDefinition",
            "ec2:DescribeInstances",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeVpcs",
          ],
          local.writes_cnames ? [
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeTargetGroups",
          ] : [],
          var.trust_target_groups == "false" ? [] : ["elasticloadbalancing:DescribeTargetHealth"],
          local.reads_registries ? ["servicediscovery:ListNamespaces", "servicediscovery:ListServices"] : [],
        )
        Resource  = ["*"]
        Condition = local.in_this_region
      }
    },
    {
      when = true
      statement = {
        Sid      = "ListInstancesOfClusters"
        Effect   = "Allow"
        Action   = ["ecs:ListContainerInstances"]
        Resource = [local.cluster_arn]
      }
    },
    {
      # ECS authorises this on `*` or on all instances of the cluster; the key narrows both.
      when = true
      statement = {
        Sid       = "ListTasksOfClusters"
        Effect    = "Allow"
        Action    = ["ecs:ListTasks"]
        Resource  = ["*"]
        Condition = local.in_these_clusters
      }
    },
    {
      # Knows no resources; the key narrows it.
      when = local.writes_cnames
      statement = {
        Sid       = "ListServicesOfClusters"
        Effect    = "Allow"
        Action    = ["ecs:ListServices"]
        Resource  = ["*"]
        Condition = local.in_these_clusters
      }
    },
    {
      when = true
      statement = {
        Sid       = "DescribeMembersOfClusters"
        Effect    = "Allow"
        Action    = ["ecs:DescribeContainerInstances", "ecs:DescribeServices", "ecs:DescribeTasks"]
        Resource  = [for kind in ["container-instance", "service", "task"] : "${local.ecs_arn}:${kind}/*"]
        Condition = local.in_these_clusters
      }
    },
    {
      when = local.stops_tasks
      statement = {
        Sid       = "StopTasksOfClusters"
        Effect    = "Allow"
        Action    = ["ecs:StopTask"]
        Resource  = ["${local.ecs_arn}:task/*"]
        Condition = local.in_these_clusters
      }
    },
    {
      when = local.sends_events
      statement = {
        Sid      = "SendEvents"
        Effect   = "Allow"
        Action   = ["events:PutEvents"]
        Resource = ["arn:${var.partition}:events:${var.region}:${var.account_id}:event-bus/${coalesce(var.event_bus, "none")}"]
      }
    },
    {
      when = local.applies && var.notice_topic_arn != null
      statement = {
        Sid      = "SendNotices"
        Effect   = "Allow"
        Action   = ["sns:Publish"]
        Resource = [coalesce(var.notice_topic_arn, "none")]
      }
    },
    {
      when = var.state_table != null
      statement = {
        Sid      = "KeepState"
        Effect   = "Allow"
        Action   = concat(["dynamodb:GetItem"], local.applies ? ["dynamodb:PutItem"] : [])
        Resource = ["arn:${var.partition}:dynamodb:${var.region}:${var.account_id}:table/${coalesce(var.state_table, "none")}"]
      }
    },
  ]
}
