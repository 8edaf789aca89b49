using SandQueue.Client;

// Plays episodes of frozenlake side by side, each with random moves, and prints what they brought.
//   dotnet run --project examples/Trainer -- http://localhost:8080
//   dotnet run --project examples/Trainer -- amqp://user:password@host:5672/
if (args is not [var address, .. var more] || !Uri.TryCreate(address, UriKind.Absolute, out var uri))
{
    Console.Error.WriteLine("usage: Trainer http://HOST:PORT|amqp://USER:PASSWORD@HOST:PORT/VIRTUALHOST [EPISODES]; an API key in TRAINER_KEY");
    return 2;
}

var (count, key) = (more is [var text] && int.TryParse(text, out var given) ? given : 8, Environment.GetEnvironmentVariable("TRAINER_KEY"));
await using SandQueueClient queue = uri.Scheme.StartsWith("amqp", StringComparison.Ordinal) ? SandQueueClient.OverRabbitMq(uri, key) : SandQueueClient.OverHttp(uri, key);
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) => { pressed.Cancel = true; stop.Cancel(); };
System.Collections.Concurrent.ConcurrentBag<EnvironmentInstance> instances = [];
try
{
    var tasks = await queue.ListTasksAsync("frozenlake", "val", cancellationToken: stop.Token).Take(count).ToListAsync();
    await Task.WhenAll(tasks.Select(async task => instances.Add(await queue.CreateAsync("frozenlake", task, new() { Params = new() { ["max_steps"] = 100 } }, stop.Token))));
    var (rewards, playing) = (instances.ToDictionary(instance => instance.InstanceId, _ => 0.0), instances.Select(instance => instance.InstanceId).ToHashSet());
    for (var step = 1; playing.Count > 0; step++)
    {
        // A model's answers would stand here.
        var moves = playing.Select(id => new StepRequest(id, $"<action>{Move()}</action>")).ToList();
        foreach (var result in await queue.StepAsync(moves, cancellationToken: stop.Token))
        {
            // A failure is no reward of 0: its episode is left out of the training.
            if (result.Failure is { } failure)
            {
                Console.WriteLine($"step {step}: {failure.Message}");
                rewards.Remove(result.InstanceId);
                playing.Remove(result.InstanceId);
                continue;
            }

            rewards[result.InstanceId] += result.Step!.Reward ?? 0;
            if (!result.Step.IsTerminated) continue;
            Console.WriteLine($"step {step}: {result.Step.EndReason}, reward {rewards[result.InstanceId]}");
            playing.Remove(result.InstanceId);
        }
    }

    Console.WriteLine($"{rewards.Count} episodes, mean reward {rewards.Values.DefaultIfEmpty().Average():0.00}");
    return 0;
}
catch (Exception exception) when (exception is SandQueueException or OperationCanceledException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
finally
{
    await Task.WhenAll(instances.Select(instance => instance.DisposeAsync().AsTask()));
}

static string Move() => new[] { "left", "down", "right", "up" }[Random.Shared.Next(4)];
