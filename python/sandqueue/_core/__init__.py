"""What both clients share: requests are built and answers read here, without any input or output."""
