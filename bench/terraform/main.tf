# One built-in resource a number, with the inputs this project's numbers have. Nothing is downloaded for it.
variable "numbers" {
  type = set(string)
}

resource "terraform_data" "number" {
  for_each = var.numbers
  input = {
    number      = each.key
    instance    = "bench"
    usage       = "bidirectional"
    flow        = "主流程"
    skillGroups = ["sales"]
  }
}

output "numbers" {
  value = { for number, data in terraform_data.number : number => data.output }
}
