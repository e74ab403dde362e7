locals {
  of_function = { FunctionName = local.reconcile_function }
  of_zone     = { zone = var.zone_id }

  alarms = {
    reconcile-run-failed = {
      description         = "A run of ecs-dns on ${var.zone_name} failed. The log has a \"run failed\" record."
      namespace           = "AWS/Lambda"
      metric_name         = "Errors"
      dimensions          = local.of_function
      statistic           = "Sum"
      period              = 300
      evaluation_periods  = 1
      datapoints_to_alarm = null
      comparison_operator = "GreaterThanOrEqualToThreshold"
      treat_missing_data  = "notBreaching"
    }
    events-failed = {
      description         = "Events of ECS could not be acted on for ${var.zone_name}; runs that look at everything go on."
      namespace           = "AWS/SQS"
      metric_name         = "ApproximateNumberOfMessagesVisible"
      dimensions          = { QueueName = var.failed_events_queue }
      statistic           = "Maximum"
      period              = 300
      evaluation_periods  = 1
      datapoints_to_alarm = null
      comparison_operator = "GreaterThanOrEqualToThreshold"
      treat_missing_data  = "notBreaching"
    }
    reconcile-no-run = {
      description         = "ecs-dns has not run on ${var.zone_name} for 15 minutes."
      namespace           = "AWS/Lambda"
      metric_name         = "Invocations"
      dimensions          = local.of_function
      statistic           = "Sum"
      period              = 900
      evaluation_periods  = 1
      datapoints_to_alarm = null
      comparison_operator = "LessThanThreshold"
      treat_missing_data  = "breaching"
    }
    # A conflict is solved by the next run, which sees the new state; one that stays is not.
    reconcile-conflicts = {
      description         = "Another tool keeps changing what ecs-dns is about to remove from ${var.zone_name}."
      namespace           = var.metrics_namespace
      metric_name         = "Changes"
      dimensions          = merge(local.of_zone, { status = "conflict" })
      statistic           = "Sum"
      period              = 300
      evaluation_periods  = 4
      datapoints_to_alarm = 3
      comparison_operator = "GreaterThanOrEqualToThreshold"
      treat_missing_data  = "notBreaching"
    }
    # A run has put right what another writer has emptied; one that does so again needs to be found.
    reconcile-name-emptied = {
      description         = "Another look, run or tool took the last record of a name of ${var.zone_name} while ecs-dns changed it; what answered was put back."
      namespace           = var.metrics_namespace
      metric_name         = "PutBack"
      dimensions          = local.of_zone
      statistic           = "Sum"
      period              = 300
      evaluation_periods  = 1
      datapoints_to_alarm = null
      comparison_operator = "GreaterThanOrEqualToThreshold"
      treat_missing_data  = "notBreaching"
    }
    # A throttled request is sent again; to be throttled run after run means that a quota is used up.
    reconcile-throttled = {
      description         = "AWS keeps rejecting requests of ecs-dns as too many (${var.zone_name})."
      namespace           = var.metrics_namespace
      metric_name         = "AwsThrottled"
      dimensions          = local.of_zone
      statistic           = "Sum"
      period              = 300
      evaluation_periods  = 4
      datapoints_to_alarm = 3
      comparison_operator = "GreaterThanOrEqualToThreshold"
      treat_missing_data  = "notBreaching"
    }
  }

  # The guardrails that an operator is to look at when they hold something back, by the ids of their metrics.
  alarming_guardrails = {
    budget  = "removal-budget"
    network = "network-self-test"
    panic   = "panic-threshold"
  }
}
