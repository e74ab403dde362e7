locals {
  interface_actions = [
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
  ]

  interface_statements = [
    {
      # Lambda takes no narrower resource for these than all of the region and the account.
      Sid      = "ManageInterfaces"
      Effect   = "Allow"
      Action   = local.interface_actions
      Resource = ["arn:${var.partition}:ec2:${var.region}:${var.account_id}:*/*"]
    },
    {
      # Neither of these knows resources.
      Sid       = "FindInterfaces"
      Effect    = "Allow"
      Action    = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
      Resource  = ["*"]
      Condition = local.in_this_region
    },
    {
      # All of that is for Lambda, before the function runs; its own code gets none of it but the reading of interfaces.
      Sid      = "NotByTheCode"
      Effect   = "Deny"
      Action   = concat(local.interface_actions, ["ec2:DescribeSubnets"])
      Resource = ["*"]
      Condition = {
        ArnEquals = {
          "lambda:SourceFunctionArn" = [
            for function in [local.reconcile_function, local.events_function] :
            "arn:${var.partition}:lambda:${var.region}:${var.account_id}:function:${function}"
          ]
        }
      }
    },
  ]
}
