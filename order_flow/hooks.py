"""Wiring only: where the framework meets the app."""

app_name = "order_flow"
app_title = "Order Flow"
app_publisher = "order_flow contributors"
app_description = "Order flow for manufacturers, traders and online sellers, in step with WDT and U8"
app_email = "order-flow@example.com"
app_license = "MIT"
