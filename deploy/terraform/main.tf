data "aws_partition" "current" {}
data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

locals {
  reconcile_name = "${var.name}-reconcile"
  events_name    = "${var.name}-events"
  # Of its attributes, the one that every major version of the provider has.
  region = data.aws_region.current.id

  environment = merge(
    {
      ECS_DNS_MODE                       = var.mode
      ECS_DNS_ZONE                       = var.zone_id
      ECS_DNS_POLICY                     = var.policy
      ECS_DNS_RECORDS_IPV6               = tostring(var.ipv6)
      ECS_DNS_CNAME                      = var.cname
      ECS_DNS_NAMES                      = var.names
      ECS_DNS_STOP_UNHEALTHY_TASKS       = var.stop_unhealthy_tasks
      ECS_DNS_HEALTH_TRUST_TARGET_GROUPS = var.trust_target_groups
      ECS_DNS_EVERY                      = "5m"
      POWERTOOLS_METRICS_NAMESPACE       = var.metrics_namespace
      ECS_DNS_LOG_LEVEL                  = var.log_level
    },
    var.notice_topic_arn == null ? {} : { ECS_DNS_NOTICES_TOPIC = var.notice_topic_arn },
    var.namespace == null ? {} : { ECS_DNS_NAMESPACE = var.namespace },
    var.event_bus == null ? {} : { ECS_DNS_EVENT_BUS = var.event_bus },
    var.state == "none" ? {} : { ECS_DNS_STATE = "dynamodb:${aws_dynamodb_table.state[0].name}" },
    var.settings,
  )
}

# What is granted, listened to, watched and drawn: the parts that follow from the variables alone.
module "definitions" {
  source = "./modules/definitions"

  name                 = var.name
  partition            = data.aws_partition.current.partition
  region               = local.region
  account_id           = data.aws_caller_identity.current.account_id
  zone_id              = var.zone_id
  zone_name            = var.zone_name
  mode                 = var.mode
  policy               = var.policy
  names                = var.names
  ipv6                 = var.ipv6
  cname                = var.cname
  stop_unhealthy_tasks = var.stop_unhealthy_tasks
  trust_target_groups  = var.trust_target_groups
  notice_topic_arn     = var.notice_topic_arn
  event_bus            = var.event_bus
  state_table          = var.state == "none" ? null : aws_dynamodb_table.state[0].name
  metrics_namespace    = var.metrics_namespace
  failed_events_queue  = aws_sqs_queue.failed_events.name
}

resource "aws_lambda_function" "reconcile" {
  function_name                  = local.reconcile_name
  description                    = "Keeps the DNS-based service discovery of a zone true"
  role                           = aws_iam_role.function.arn
  handler                        = "src/lambda.handler"
  runtime                        = "nodejs24.x"
  architectures                  = ["arm64"]
  memory_size                    = 1024
  timeout                        = 300
  reserved_concurrent_executions = 1
  filename                       = var.handler_zip
  source_code_hash               = var.handler_zip == null ? null : filebase64sha256(var.handler_zip)
  s3_bucket                      = try(var.handler_s3.bucket, null)
  s3_key                         = try(var.handler_s3.key, null)
  s3_object_version              = try(var.handler_s3.version, null)
  tags                           = var.tags

  environment {
    variables = local.environment
  }

  vpc_config {
    subnet_ids         = var.subnet_ids
    security_group_ids = var.security_group_ids
  }

  lifecycle {
    precondition {
      condition     = (var.handler_zip == null) != (var.handler_s3 == null)
      error_message = "Give the handler either as handler_zip or as handler_s3."
    }
  }

  depends_on = [aws_cloudwatch_log_group.reconcile, aws_iam_role_policy.run]
}

# Runs must not overlap, and one that is late is not worth starting: the next one sees a newer world.
resource "aws_lambda_function_event_invoke_config" "reconcile" {
  function_name                = aws_lambda_function.reconcile.function_name
  maximum_retry_attempts       = 0
  maximum_event_age_in_seconds = 60

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed_runs.arn
    }
  }
}

resource "aws_sqs_queue" "failed_runs" {
  name                      = "${local.reconcile_name}-failed"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
  tags                      = var.tags
}

resource "aws_cloudwatch_log_group" "reconcile" {
  name              = "/aws/lambda/${local.reconcile_name}"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}

resource "aws_cloudwatch_log_group" "events" {
  name              = "/aws/lambda/${local.events_name}"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}

resource "aws_scheduler_schedule" "reconcile" {
  name                = local.reconcile_name
  description         = "Runs ${local.reconcile_name}"
  schedule_expression = "rate(5 minutes)"
  state               = var.schedule_state

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.reconcile.arn
    role_arn = aws_iam_role.schedule.arn

    retry_policy {
      maximum_retry_attempts       = 0
      maximum_event_age_in_seconds = 60
    }
  }
}

resource "aws_dynamodb_table" "state" {
  count = var.state == "none" ? 0 : 1

  name         = "${var.name}-state"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  tags         = var.tags

  attribute {
    name = "id"
    type = "S"
  }
}
