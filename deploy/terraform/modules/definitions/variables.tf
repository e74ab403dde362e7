# Each is described where the module that uses this one declares it.
variable "name" {
  type = string
}

variable "partition" {
  type = string
}

variable "region" {
  type = string
}

variable "account_id" {
  type = string
}

variable "zone_id" {
  type = string
}

variable "zone_name" {
  type = string
}

variable "mode" {
  type = string
}

variable "policy" {
  type = string
}

variable "names" {
  type = string
}

variable "ipv6" {
  type = bool
}

variable "cname" {
  type = string
}

variable "stop_unhealthy_tasks" {
  type = string
}

variable "trust_target_groups" {
  type = string
}

variable "notice_topic_arn" {
  type = string
}

variable "event_bus" {
  type = string
}

variable "state_table" {
  type = string
}

variable "metrics_namespace" {
  type = string
}

variable "failed_events_queue" {
  type = string
}
