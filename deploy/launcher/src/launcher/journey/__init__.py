"""The main job as its people do it: through the gateway's REST, with the sandbox's mailbox and phones in hand."""
