# The same code with the same settings, for what events of ECS name.
resource "aws_lambda_function" "events" {
  function_name     = local.events_name
  description       = "Looks at once at what events of ECS name"
  role              = aws_iam_role.function.arn
  handler           = "src/lambda.handler"
  runtime           = "nodejs24.x"
  architectures     = ["arm64"]
  memory_size       = 1024
  timeout           = 60
  filename          = var.handler_zip
  source_code_hash  = var.handler_zip == null ? null : filebase64sha256(var.handler_zip)
  s3_bucket         = try(var.handler_s3.bucket, null)
  s3_key            = try(var.handler_s3.key, null)
  s3_object_version = try(var.handler_s3.version, null)
  tags              = var.tags

  environment {
    variables = merge(local.environment, { ECS_DNS_EVENTS = aws_sqs_queue.events.url })
  }

  vpc_config {
    subnet_ids         = var.subnet_ids
    security_group_ids = var.security_group_ids
  }

  depends_on = [aws_cloudwatch_log_group.events, aws_iam_role_policy.run]
}

resource "aws_lambda_event_source_mapping" "events" {
  event_source_arn                   = aws_sqs_queue.events.arn
  function_name                      = aws_lambda_function.events.arn
  batch_size                         = 100
  maximum_batching_window_in_seconds = 1
  function_response_types            = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = 5
  }

  depends_on = [aws_iam_role_policy.events]
}

# What is older than an hour, a run that looks at everything has seen.
resource "aws_sqs_queue" "events" {
  name                       = local.events_name
  visibility_timeout_seconds = 180
  message_retention_seconds  = 3600
  sqs_managed_sse_enabled    = true
  tags                       = var.tags

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.failed_events.arn
    maxReceiveCount     = 3
  })
}

resource "aws_sqs_queue" "failed_events" {
  name                      = "${local.events_name}-failed"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
  tags                      = var.tags
}

resource "aws_sqs_queue_policy" "events" {
  queue_url = aws_sqs_queue.events.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TakeFromRules"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = ["sqs:SendMessage"]
      Resource  = [aws_sqs_queue.events.arn]
      Condition = { ArnEquals = { "aws:SourceArn" = [for rule in aws_cloudwatch_event_rule.events : rule.arn] } }
    }]
  })
}

resource "aws_cloudwatch_event_rule" "events" {
  for_each = module.definitions.event_rules

  name          = "${local.events_name}-${each.key}"
  description   = each.value.description
  event_pattern = each.value.pattern
  state         = var.events ? "ENABLED" : "DISABLED"
  tags          = var.tags
}

resource "aws_cloudwatch_event_target" "events" {
  for_each = aws_cloudwatch_event_rule.events

  rule      = each.value.name
  target_id = "queue"
  arn       = aws_sqs_queue.events.arn
}

# Rules of these accounts send to the default bus, on which the rules above stand.
resource "aws_cloudwatch_event_permission" "member" {
  for_each = toset(var.member_accounts)

  principal    = each.value
  statement_id = "${local.events_name}-${each.value}"
}

resource "aws_cloudwatch_event_permission" "organization" {
  count = var.organization == null ? 0 : 1

  principal    = "*"
  statement_id = "${local.events_name}-organization"

  condition {
    key   = "aws:PrincipalOrgID"
    type  = "StringEquals"
    value = var.organization
  }
}
