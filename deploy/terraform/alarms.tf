locals {
  alarm_actions = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
  # Where nothing is to start a run, silence is no alarm.
  alarms = {
    for name, alarm in module.definitions.alarms : name => alarm
    if name != "reconcile-no-run" || var.schedule_state == "ENABLED"
  }
}

resource "aws_cloudwatch_metric_alarm" "all" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric_name
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = each.value.period
  evaluation_periods  = each.value.evaluation_periods
  datapoints_to_alarm = each.value.datapoints_to_alarm
  comparison_operator = each.value.comparison_operator
  threshold           = 1
  treat_missing_data  = each.value.treat_missing_data
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions
  tags                = var.tags
}

# One run may hold back what the next one finds to be well; two of three are something to look at.
resource "aws_cloudwatch_metric_alarm" "held_back" {
  alarm_name          = "${local.reconcile_name}-held-back"
  alarm_description   = "ecs-dns holds back removals from ${var.zone_name} by removal-budget, panic-threshold or network-self-test."
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions
  tags                = var.tags

  metric_query {
    id          = "held"
    label       = "held back"
    expression  = join(" + ", [for id in keys(module.definitions.alarming_guardrails) : "FILL(${id}, 0)"])
    return_data = true
  }

  dynamic "metric_query" {
    for_each = module.definitions.alarming_guardrails

    content {
      id          = metric_query.key
      return_data = false

      metric {
        namespace   = var.metrics_namespace
        metric_name = "HeldBack"
        stat        = "Maximum"
        period      = 300
        dimensions  = { zone = var.zone_id, guardrail = metric_query.value }
      }
    }
  }
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = local.reconcile_name
  dashboard_body = module.definitions.dashboard
}
