variable "name" {
  description = "What everything is named after; one name keeps one zone"
  type        = string
  default     = "ecs-dns"

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,50}$", var.name))
    error_message = "name: use letters, digits, - and _, 50 at the most."
  }
}

variable "mode" {
  description = "plan only logs what would be changed, with a role that may change nothing; apply changes it"
  type        = string
  default     = "plan"

  validation {
    condition     = contains(["plan", "apply"], var.mode)
    error_message = "mode: use plan or apply."
  }
}

variable "zone_id" {
  description = "The hosted zone, by its id, because the role is bound to it and names are not unique"
  type        = string

  validation {
    condition     = can(regex("^[A-Z0-9]{1,32}$", var.zone_id))
    error_message = "zone_id: use the id alone, such as Z0123456789ABC."
  }
}

variable "zone_name" {
  description = "Its name, as alarms and the dashboard show it"
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets from which the containers are reached, and AWS"
  type        = list(string)
}

variable "security_group_ids" {
  description = "Groups that may open connections to the ports of containers, and to AWS"
  type        = list(string)
}

variable "handler_zip" {
  description = "The zip of the handler on this machine; or leave it out, and name an object of S3"
  type        = string
  default     = null
}

variable "handler_s3" {
  description = "The zip of the handler in a bucket of this region; the version is for buckets that keep versions"
  type = object({
    bucket  = string
    key     = string
    version = optional(string)
  })
  default = null
}

variable "schedule_state" {
  description = "Whether the schedule starts a run every five minutes: ENABLED or DISABLED"
  type        = string
  default     = "ENABLED"

  validation {
    condition     = contains(["ENABLED", "DISABLED"], var.schedule_state)
    error_message = "schedule_state: use ENABLED or DISABLED."
  }
}

variable "policy" {
  description = "prune removes what is stale or unhealthy; sync also registers what is missing"
  type        = string
  default     = "prune"

  validation {
    condition     = contains(["prune", "sync"], var.policy)
    error_message = "policy: use prune or sync."
  }
}

variable "names" {
  description = "Where names come from: metadata (the container itself), registries (the Cloud Map services of its ECS service), or both, the first of which wins"
  type        = string
  default     = "metadata"

  validation {
    condition     = contains(["metadata", "metadata,registries", "registries,metadata", "registries"], var.names)
    error_message = "names: use metadata, registries, or both with a comma between."
  }
}

variable "namespace" {
  description = "With registries, the namespace of Cloud Map that counts, by its name or id; the only one of DNS if null"
  type        = string
  default     = null
}

variable "ipv6" {
  description = "Whether the IPv6 addresses of tasks are registered as well, with sync"
  type        = bool
  default     = false
}

variable "cname" {
  description = "true, false, or patterns of service names, separated by commas, for CNAMEs of load-balanced services, with sync"
  type        = string
  default     = "false"
}

variable "stop_unhealthy_tasks" {
  description = "true, false, or patterns of service names, separated by commas, whose unhealthy tasks may be stopped"
  type        = string
  default     = "false"
}

variable "trust_target_groups" {
  description = "true, false, or patterns of service names, separated by commas, whose target groups are believed"
  type        = string
  default     = "false"
}

variable "alarm_topic_arn" {
  description = "The SNS topic that alarms go to; without one they only show"
  type        = string
  default     = null
}

variable "notice_topic_arn" {
  description = "The SNS topic that is told what runs remove, hold back and fail at"
  type        = string
  default     = null
}

variable "event_bus" {
  description = "The name of an event bus of this region and account that is told of changes"
  type        = string
  default     = null
}

variable "metrics_namespace" {
  description = "The namespace of its metrics in CloudWatch"
  type        = string
  default     = "EcsDns"
}

variable "log_level" {
  description = "warn leaves out the records of runs and removals, and with them the journal"
  type        = string
  default     = "info"

  validation {
    condition     = contains(["debug", "info", "warn", "error"], var.log_level)
    error_message = "log_level: use debug, info, warn or error."
  }
}

variable "log_retention_days" {
  description = "How long the logs are kept, which have the journal by which removals are undone"
  type        = number
  default     = 30
}

variable "state" {
  description = "table makes one, in which each run leaves what makes the next one more careful; none does without"
  type        = string
  default     = "table"

  validation {
    condition     = contains(["table", "none"], var.state)
    error_message = "state: use table or none."
  }
}

variable "events" {
  description = "Whether events of ECS are acted on at once; otherwise everything is left to the runs every five minutes"
  type        = bool
  default     = true
}

variable "member_accounts" {
  description = "Accounts that may send their events to the default bus of this one"
  type        = list(string)
  default     = []
}

variable "organization" {
  description = "The same for all accounts of an organization, by its id"
  type        = string
  default     = null
}

variable "settings" {
  description = "Other settings, by the names of their variables, such as ECS_DNS_HEALTH_PATH"
  type        = map(string)
  default     = {}
}

variable "tags" {
  description = "Tags of everything that takes tags"
  type        = map(string)
  default     = {}
}
