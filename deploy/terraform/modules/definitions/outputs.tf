output "run_statements" {
  value = [for each in local.run_statements : each.statement if each.when]
}

output "interface_statements" {
  value = local.interface_statements
}

output "event_rules" {
  value = local.event_rules
}

output "alarms" {
  value = local.alarms
}

output "alarming_guardrails" {
  value = local.alarming_guardrails
}

output "dashboard" {
  value = templatefile("${path.module}/dashboard.json.tftpl", {
    zone_id            = var.zone_id
    zone_name          = var.zone_name
    metrics_namespace  = var.metrics_namespace
    region             = var.region
    reconcile_function = local.reconcile_function
  })
}
