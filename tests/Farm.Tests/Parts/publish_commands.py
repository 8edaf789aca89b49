"""Plays episodes side by side through the broker: the next command of each in a burst, at a word from standard input.

Publishes again, under the same id, what was said to be unknown or not sent, and after its connection broke whatever has no reply. Prints
"published" behind a burst, "reply" behind each first reply, "answered" behind the last, and at the end one line of JSON.
"""
import json, os, sys, time, pika, pika.exceptions

run, task, episodes, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
waiting, unsent, replies = {}, [], {}
counts = {"published": 0, "again": 0, "connections": 0, "completed": 0, "repeated": 0, "differing": 0, "others": []}
BROKEN = (pika.exceptions.AMQPError, OSError)


def command(episode, number):
    name = f"{run}-{episode}"
    if number == 0:
        return {"command": "create", "env_type": "frozenlake", "task_id": task, "instance_id": name}
    if number == rounds - 1:
        return {"command": "release", "instance_id": name}
    return {"command": "step", "instance_id": name, "action": {"role": "assistant", "content": "left"}, "step": number}


def connect():
    deadline = time.monotonic() + 120
    while True:
        try:
            connection = pika.BlockingConnection(pika.URLParameters(os.environ["BROKER"]))
            channel = connection.channel()
            channel.confirm_delivery()
            channel.basic_consume("amq.rabbitmq.reply-to", take, auto_ack=True)
            counts["connections"] += 1
            unsent[:] = waiting
            return connection, channel
        except BROKEN:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def take(channel, method, properties, body):
    message_id, reply = properties.correlation_id, json.loads(body)
    if message_id not in waiting:
        counts["repeated"] += 1
        counts["differing"] += replies[message_id] != reply
    elif reply["end"] == "unknown" or reply.get("reason") == "no_capacity":
        counts["again"] += 1
        unsent.append(message_id)
    else:
        del waiting[message_id]
        replies[message_id] = reply
        if reply["end"] == "completed":
            counts["completed"] += 1
        else:
            counts["others"].append(reply)
        print("reply", flush=True)


connection, channel = connect()
for number in range(rounds):
    if not sys.stdin.readline():
        sys.exit("nobody asks for more")
    for episode in range(episodes):
        message_id = f"{run}-{episode}-{number}"
        waiting[message_id] = command(episode, number)
        unsent.append(message_id)
        counts["published"] += 1
    said, deadline = False, time.monotonic() + 120
    while waiting:
        if time.monotonic() > deadline:
            sys.exit(f"no reply to {len(waiting)} commands, as {next(iter(waiting))}")
        try:
            while unsent:
                message_id = unsent[0]
                if message_id in waiting:
                    properties = pika.BasicProperties(
                        message_id=message_id, reply_to="amq.rabbitmq.reply-to", content_type="application/json", delivery_mode=2)
                    channel.basic_publish("sandqueue.commands", "any", json.dumps(waiting[message_id]), properties, mandatory=True)
                unsent.pop(0)
            if not said:
                said = True
                print("published", flush=True)
            connection.process_data_events(time_limit=1)
        except BROKEN:
            connection, channel = connect()
    print("answered", flush=True)
print(json.dumps(counts), flush=True)
