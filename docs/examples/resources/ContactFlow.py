from ccc_numbers.components.resources import ContactFlow

night = ContactFlow(
    "night",
    instance_id="acme-support",
    name="夜间流程",
    definition='{"nodes": []}',
)
