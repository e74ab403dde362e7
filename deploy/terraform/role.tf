data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "function" {
  name_prefix        = "${var.name}-"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
  tags               = var.tags
}

# What a run does: what `ecs-dns iam` prints for these settings.
resource "aws_iam_role_policy" "reconcile" {
  name   = "reconcile"
  role   = aws_iam_role.function.id
  policy = jsonencode({ Version = "2012-10-17", Statement = module.definitions.run_statements })
}

# What Lambda does in the name of the function that gets events, and what that puts back.
resource "aws_iam_role_policy" "events" {
  name   = "events"
  role   = aws_iam_role.function.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.event_statements })
}

# What Lambda itself does in the functions' names.
resource "aws_iam_role_policy" "run" {
  name   = "run"
  role   = aws_iam_role.function.id
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(local.lambda_statements, module.definitions.interface_statements) })
}

locals {
  event_statements = [
    {
      Sid      = "TakeEvents"
      Effect   = "Allow"
      Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:SendMessage"]
      Resource = [aws_sqs_queue.events.arn]
    },
  ]

  lambda_statements = [
    {
      Sid    = "WriteLogs"
      Effect = "Allow"
      Action = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = [
        "${aws_cloudwatch_log_group.reconcile.arn}:*",
        "${aws_cloudwatch_log_group.events.arn}:*",
      ]
    },
    {
      Sid      = "ReportFailure"
      Effect   = "Allow"
      Action   = ["sqs:SendMessage"]
      Resource = [aws_sqs_queue.failed_runs.arn]
    },
  ]
}

data "aws_iam_policy_document" "scheduler" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = ["arn:${data.aws_partition.current.partition}:scheduler:${local.region}:${data.aws_caller_identity.current.account_id}:schedule-group/default"]
    }
  }
}

resource "aws_iam_role" "schedule" {
  name_prefix        = "${var.name}-schedule-"
  assume_role_policy = data.aws_iam_policy_document.scheduler.json
  tags               = var.tags
}

resource "aws_iam_role_policy" "schedule" {
  name = "invoke"
  role = aws_iam_role.schedule.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "Invoke"
      Effect   = "Allow"
      Action   = ["lambda:InvokeFunction"]
      Resource = [aws_lambda_function.reconcile.arn]
    }]
  })
}
