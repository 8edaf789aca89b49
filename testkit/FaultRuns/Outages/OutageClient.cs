using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using SandQueue.FaultRuns.Clients;

namespace SandQueue.FaultRuns.Outages;

/// <summary>A client that steps one instance after the other, each command sent again until it has an end.</summary>
internal sealed class OutageClient(int number, CommandCaller caller)
{
    /// <summary>Below what ends an episode of FrozenLake's largest map.</summary>
    private const int StepsPerEpisode = 150;

    private int _made;

    /// <summary>Every command that is over, in order, with the instance it was for.</summary>
    public ConcurrentQueue<(string Instance, SentCommand Command)> Commands { get; } = new();

    /// <summary>The instance that lives.</summary>
    public string Instance { get; private set; } = "";

    public async Task PlayAsync(CancellationToken stop, CancellationToken cancellationToken)
    {
        while (!stop.IsCancellationRequested)
        {
            Instance = string.Create(CultureInfo.InvariantCulture, $"o{number}-{++_made}");
            if (!await AskAsync(CommandKind.Create, """{"env_type":"frozenlake","task_id":"16x16-1","instance_id":"$"}""", 0, cancellationToken)) continue;
            for (var step = 1; step <= StepsPerEpisode && !stop.IsCancellationRequested; step++)
            {
                if (!await AskAsync(CommandKind.Step, """{"instance_id":"$","messages":{"role":"assistant","content":"<action>up</action>"}}""", step, cancellationToken)) break;
            }

            await AskAsync(CommandKind.Release, """{"instance_id":"$"}""", 0, cancellationToken);
        }
    }

    private async Task<bool> AskAsync(CommandKind kind, string body, int step, CancellationToken cancellationToken)
    {
        var command = new SentCommand
        {
            Kind = kind,
            Step = step,
            Key = string.Create(CultureInfo.InvariantCulture, $"{Instance}.{kind}.{step}"),
            HasHeader = true,
            Body = Encoding.UTF8.GetBytes(body.Replace("$", Instance, StringComparison.Ordinal)),
        };
        await caller.AskAsync(command, number, cancellationToken);
        Commands.Enqueue((Instance, command));
        return command.Told == ToldEnd.Completed;
    }
}
