output "reconcile_function" {
  description = "The function that looks at everything, by its name"
  value       = aws_lambda_function.reconcile.function_name
}

output "events_function" {
  description = "The function that looks where events say, by its name"
  value       = aws_lambda_function.events.function_name
}

output "role_arn" {
  description = "The role of both"
  value       = aws_iam_role.function.arn
}

output "log_group" {
  description = "The log of the function that looks at everything, with its journal"
  value       = aws_cloudwatch_log_group.reconcile.name
}

output "failed_runs_url" {
  description = "The queue that failed runs are reported to"
  value       = aws_sqs_queue.failed_runs.url
}

output "mode" {
  description = "plan, or apply"
  value       = var.mode
}
