"""PostgreSQL and RabbitMQ as private processes, apart from any server that the machine has of its own."""
