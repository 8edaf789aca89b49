using SandQueue.FaultRuns.Models;

namespace SandQueue.FaultRuns.Clients;

/// <summary>A client that keeps a few instances going: steps them in no order, evaluates now and then, and makes new ones for those that ended.</summary>
internal sealed class FaultClient(int number, int slots, int seed, CommandCaller caller, LargeAnswers large, Action<PlayedEpisode> began, Action answered)
{
    /// <summary>Tasks are few, so that episodes of one task and seed are compared with each other.</summary>
    private static readonly string[][] Tasks =
    [
        ["frozenlake", "8x8-3"], ["frozenlake", "8x8-slippery-25"], ["frozenlake", "16x16-slippery-1"], ["frozenlake", "16x16-1"], ["frozenlake", "4x4-slippery-7"],
        ["countdown", "3-11"], ["countdown", "4-12"],
        ["faulty", "plain"], ["faulty", "plain"], ["faulty_evaluate", "plain"],
    ];

    /// <summary>Before a caller hangs up. A step of this farm takes about as long.</summary>
    private static readonly TimeSpan LongestCall = TimeSpan.FromMilliseconds(300);

    private readonly Random _random = new(HashCode.Combine(seed, number));
    private readonly PlayedEpisode?[] _slots = new PlayedEpisode?[slots];
    private int _made;

    /// <summary>The instances that live.</summary>
    public IEnumerable<PlayedEpisode> Living => _slots.OfType<PlayedEpisode>();

    /// <summary>Plays until <paramref name="stop"/>; the command under way then is still brought to its end.</summary>
    public async Task PlayAsync(CancellationToken stop, CancellationToken cancellationToken)
    {
        while (!stop.IsCancellationRequested)
        {
            var slot = _random.Next(_slots.Length);
            if (_slots[slot] is { } episode) await MoveAsync(slot, episode, cancellationToken);
            else await CreateAsync(slot, cancellationToken);
        }
    }

    /// <summary>One more command for every instance, for those that ended an evaluation.</summary>
    public async Task TouchAsync(CancellationToken cancellationToken)
    {
        foreach (var episode in Living)
        {
            if (episode.Stuck is not null) continue;
            if (episode.Model!.Ended) await EvaluateAsync(episode, cancellationToken);
            else await StepAsync(episode, cancellationToken);
        }
    }

    /// <summary>Evaluates every instance that was stepped.</summary>
    public async Task EvaluateAllAsync(CancellationToken cancellationToken)
    {
        foreach (var episode in Living)
        {
            if (episode is { Stuck: null, Steps: > 0 }) await EvaluateAsync(episode, cancellationToken);
        }
    }

    public async Task ReleaseAllAsync(CancellationToken cancellationToken)
    {
        for (var slot = 0; slot < _slots.Length; slot++)
        {
            if (_slots[slot] is { } episode) await ReleaseAsync(slot, episode, cancellationToken);
        }
    }

    private async Task CreateAsync(int slot, CancellationToken cancellationToken)
    {
        var task = Tasks[_random.Next(Tasks.Length)];
        var episode = new PlayedEpisode(
            new EpisodeName(task[0], task[1], _random.Next(3)), $"c{number}-{slot}-{++_made}", (CommandProtection)(number % 4));
        began(episode);
        while (episode.Model is null && episode.Stuck is null)
        {
            var create = episode.Create();
            await AskAsync(episode, create, cancellationToken);
            if (create.Told is ToldEnd.Nothing || (create.Told == ToldEnd.Rejected && create.Status != 503)) episode.Stuck = $"create: {create.Status} {create.AnswerText}";
        }

        if (episode.Stuck is null) _slots[slot] = episode;
    }

    private async Task MoveAsync(int slot, PlayedEpisode episode, CancellationToken cancellationToken)
    {
        if (episode.Stuck is not null)
        {
            await ReleaseAsync(slot, episode, cancellationToken);
        }
        else if (episode.Model!.Ended)
        {
            await EvaluateAsync(episode, cancellationToken);
            await ReleaseAsync(slot, episode, cancellationToken);
        }
        else if (episode.Steps > 0 && _random.Next(20) == 0)
        {
            await EvaluateAsync(episode, cancellationToken);
        }
        else
        {
            await StepAsync(episode, cancellationToken);
        }
    }

    private async Task StepAsync(PlayedEpisode episode, CancellationToken cancellationToken) => await UntilCompletedAsync(episode, episode.Step(_random, large.Take(episode.Name.Environment)), cancellationToken);

    private Task EvaluateAsync(PlayedEpisode episode, CancellationToken cancellationToken) => UntilCompletedAsync(episode, episode.Evaluate(), cancellationToken);

    private async Task ReleaseAsync(int slot, PlayedEpisode episode, CancellationToken cancellationToken)
    {
        var release = episode.Release();
        await AskAsync(episode, release, cancellationToken);
        episode.Released = true;
        _slots[slot] = null;
    }

    /// <summary>An action that failed or expired has not happened, so it is asked for again as a new command.</summary>
    private async Task UntilCompletedAsync(PlayedEpisode episode, SentCommand command, CancellationToken cancellationToken)
    {
        while (true)
        {
            await AskAsync(episode, command, cancellationToken);
            switch (command.Told)
            {
                case ToldEnd.Completed:
                    return;
                case ToldEnd.Expired or ToldEnd.Failed or ToldEnd.Cancelled when command.Status != 410:
                case ToldEnd.Rejected when command.Status == 503:
                    command = episode.Again(command);
                    break;
                default:
                    episode.Stuck = $"{command.Kind} {command.Step}: {command.Status} {command.AnswerText}";
                    return;
            }
        }
    }

    private async Task AskAsync(PlayedEpisode episode, SentCommand command, CancellationToken cancellationToken)
    {
        var first = _random.Next(2);
        switch (_random.Next(20))
        {
            // Sent to both gateways at once: both have to give the same answer.
            case 0:
                var other = caller.TryAsync(command, first + 1, cancellationToken);
                await caller.AskAsync(command, first, cancellationToken);
                Compare(episode, command, await other);
                break;

            // Sent again once it is answered.
            case 1:
                await caller.AskAsync(command, first, cancellationToken);
                Compare(episode, command, await caller.TryAsync(command, first + 1, cancellationToken));
                break;

            // The caller hangs up on the first one, wherever that is by then.
            case 2:
                await caller.HangUpAsync(command, first, LongestCall * _random.NextDouble(), cancellationToken);
                await caller.AskAsync(command, first + 1, cancellationToken);
                break;
            default:
                await caller.AskAsync(command, first, cancellationToken);
                break;
        }

        if (command.Told != ToldEnd.Completed) return;
        episode.Take(command);
        answered();
    }

    /// <summary>A release names nothing that a second one could repeat.</summary>
    private static void Compare(PlayedEpisode episode, SentCommand command, (int Status, byte[] Body)? other)
    {
        if (command.Kind == CommandKind.Release || command.Told != ToldEnd.Completed || other is not { Status: 200 } second) return;
        if (!second.Body.AsSpan().SequenceEqual(command.Answer))
        {
            episode.Stuck = $"{command.Kind} {command.Step} had two answers: {command.AnswerText} and {System.Text.Encoding.UTF8.GetString(second.Body)}";
        }
    }
}
