locals {
  event_rules = {
    tasks = {
      description = "Tasks that start and stop, for ${local.events_function}"
      pattern = jsonencode({
        source      = ["aws.ecs"]
        detail-type = ["ECS Task State Change"]
        detail = {
          "$or" = [
            { lastStatus = ["RUNNING", "DEACTIVATING", "STOPPING", "STOPPED"] },
            { desiredStatus = ["STOPPED"] },
          ]
        }
      })
    }
    instances = {
      description = "Container instances that are drained, deregistered or out of touch, for ${local.events_function}"
      pattern = jsonencode({
        source      = ["aws.ecs"]
        detail-type = ["ECS Container Instance State Change"]
        detail = {
          "$or" = [
            { status = ["DRAINING", "DEREGISTERING", "INACTIVE"] },
            { agentConnected = [false] },
          ]
        }
      })
    }
    services = {
      description = "Deployments of services, for ${local.events_function}"
      pattern = jsonencode({
        source      = ["aws.ecs"]
        detail-type = ["ECS Deployment State Change"]
      })
    }
    # They come only where a trail of CloudTrail logs management events.
    service-calls = {
      description = "Services that are created, updated and deleted, for ${local.events_function}"
      pattern = jsonencode({
        source      = ["aws.ecs"]
        detail-type = ["AWS API Call via CloudTrail"]
        detail = {
          eventSource = ["ecs.amazonaws.com"]
          eventName   = ["CreateService", "UpdateService", "DeleteService"]
          errorCode   = [{ exists = false }]
        }
      })
    }
    machines = {
      description = "Machines that end, for ${local.events_function}"
      pattern = jsonencode({
        source = ["aws.ec2"]
        "$or" = [
          { detail-type = ["EC2 Spot Instance Interruption Warning"] },
          {
            detail-type = ["EC2 Instance State-change Notification"]
            detail      = { state = ["shutting-down", "terminated"] }
          },
        ]
      })
    }
  }
}
