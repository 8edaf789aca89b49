using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.FaultRuns.Clients;
using SandQueue.FaultRuns.Models;
using SandQueue.Storage.Model;

namespace SandQueue.FaultRuns.Checking;

/// <summary>Compares one episode's journal with what its client was answered, and with the model.</summary>
internal sealed class EpisodeCheck(RecordedEpisode episode, Chances chances, Findings findings)
{
    private readonly Dictionary<string, JournalEntry> _byCommand = episode.Entries.ToDictionary(entry => entry.CommandId);
    private readonly List<JournalEntry> _completed = [.. episode.Entries.Where(entry => entry.End == CommandEnd.Completed)];
    private readonly HashSet<long> _claimed = [];
    private bool _sound = true;

    /// <returns>Whether nothing was found.</returns>
    public bool Run()
    {
        foreach (var command in episode.Played.Commands) Compare(command);
        foreach (var entry in episode.Entries) CheckRow(entry);
        CheckOrder();
        CheckLife();
        CheckModel();
        return _sound;
    }

    private void Compare(SentCommand command)
    {
        var entry = Find(command);
        switch (command.Told)
        {
            case ToldEnd.Nothing:
                // The client does not know, so either end will do.
                if (entry is not null) _claimed.Add(entry.Id);
                Add(Broken.Unanswered, command, $"was told no end in {command.Milliseconds / 1000:0} s and {command.Tries} tries; last {command.Status} {command.AnswerText}");
                break;
            case ToldEnd.Completed when command.Kind == CommandKind.Release:
                // Says only that nothing of that name lives any more.
                if (entry is not null) _claimed.Add(entry.Id);
                break;
            case ToldEnd.Completed:
                if (entry is not { End: CommandEnd.Completed }) Add(Broken.Lost, command, $"was answered as completed; the journal has {Words(entry)}");
                else if (!command.Data.SequenceEqual(entry.Answer)) Add(Broken.Lost, command, $"was answered {command.AnswerText}; the journal has {Text(entry.Answer)}");
                else if (!command.Action.AsSpan().SequenceEqual(entry.Action)) Add(Broken.Lost, command, $"was sent {Text(command.Action)}; the journal has {Text(entry.Action)}");
                if (entry is not null && !_claimed.Add(entry.Id)) Add(Broken.Doubled, command, "shares its row with another command");
                break;
            default:
                if (HasReward(command.Answer)) Add(Broken.Fabricated, command, $"was told {command.Told} with a reward: {command.AnswerText}");
                if (entry is not null && command.Key is not null && entry.End.ToString() != command.Told.ToString())
                {
                    Add(Broken.Contradicted, command, $"was told {command.Told} ({command.Status} {command.AnswerText}); the journal has {Words(entry)}");
                }

                break;
        }
    }

    /// <summary>By its id, else by its number in the episode.</summary>
    private JournalEntry? Find(SentCommand command) => command.Key is { } key
        ? _byCommand.GetValueOrDefault(key)
        : _completed.Find(entry => entry.Kind == JournalKind.Step && entry.Step == command.Step && command.Told is ToldEnd.Completed or ToldEnd.Nothing);

    private void CheckRow(JournalEntry entry)
    {
        if (entry.End == CommandEnd.Completed)
        {
            // A failed command's action is sent again as a new one: if it took effect after all, it did so twice.
            if (!_claimed.Contains(entry.Id) && entry.Kind is JournalKind.Step or JournalKind.Evaluate or JournalKind.Create)
            {
                Add(Broken.Doubled, $"{Words(entry)} took effect, and its client was not told so");
            }
        }
        else if (entry.Reward is not null || entry.Answer.Length > 0)
        {
            Add(Broken.Fabricated, $"{Words(entry)} has reward {entry.Reward} and answer {Text(entry.Answer)}");
        }
    }

    private void CheckOrder()
    {
        var steps = _completed.Where(entry => entry.Kind == JournalKind.Step).Select(entry => entry.Step ?? -1).ToList();
        if (!steps.SequenceEqual(Enumerable.Range(1, steps.Count))) Add(Broken.Doubled, $"has the steps {string.Join(",", steps)}");
        if (_completed.Count(entry => entry.Kind == JournalKind.Create) > 1) Add(Broken.Doubled, "was made twice");
    }

    private void CheckLife()
    {
        var played = episode.Played;
        foreach (var row in episode.Rows.Where(row => row.State == InstanceState.Diverged)) Add(Broken.Diverged, $"{row.EndDetail}");
        foreach (var row in episode.Rows.Where(row => row.State == InstanceState.Lost)) Add(Broken.Lost, $"{row.EndDetail}");
        if (played.Stuck is { } why && played.Commands.TrueForAll(command => command.Told != ToldEnd.Nothing)) Add(Broken.Lost, $"could not be stepped any more: {why}");
        if (!played.Released && episode.Rows.Any(row => row.State == InstanceState.Released)) Add(Broken.Lost, $"was released by nobody: {episode.Rows[^1].EndDetail}");
        if (played is { Released: true, Stuck: null } && episode.Rows.Any(row => row.EndedAt is null)) Add(Broken.Contradicted, "was released and lives");
    }

    private void CheckModel()
    {
        EnvironmentModel? model = null;
        foreach (var entry in _completed)
        {
            if (entry.Kind == JournalKind.Release || (model is null && entry.Kind != JournalKind.Create)) continue;
            using var json = JsonDocument.Parse(entry.Answer);
            var data = json.RootElement;
            Mismatch? mismatch;
            switch (entry.Kind)
            {
                case JournalKind.Create:
                    model = EnvironmentModel.Of(episode.Played.Name, data, chances);
                    continue;
                case JournalKind.Step:
                    using (var action = JsonDocument.Parse(entry.Action)) mismatch = model!.Step(action.RootElement.GetProperty("content").GetString()!, entry.Step!.Value, data);
                    if (mismatch is null && entry.Reward != data.GetProperty("reward").GetDouble()) mismatch = new Mismatch(MismatchKind.Reward, $"the row's reward is {entry.Reward}");
                    break;
                default:
                    mismatch = model!.Evaluate(data);
                    break;
            }

            if (mismatch is null) continue;
            var promise = mismatch.Kind switch { MismatchKind.Reward => Broken.Fabricated, MismatchKind.Twice => Broken.Doubled, _ => Broken.Misobserved };
            Add(promise, $"{Words(entry)}: {mismatch.Words}");
            return;
        }
    }

    private static bool HasReward(byte[] answer)
    {
        using var json = JsonDocument.Parse(answer);
        return json.RootElement.TryGetProperty("reward", out var reward) && reward.ValueKind != JsonValueKind.Null;
    }

    private void Add(Broken promise, SentCommand command, string words) =>
        Add(promise, $"{command.Kind} {(command.Step > 0 ? command.Step : "")} ({command.Key ?? "_step"}) {words}");

    private void Add(Broken promise, string words)
    {
        _sound = false;
        findings.Add(promise, $"{episode.Played.Instance} ({episode.Played.Name.Environment} {episode.Played.Name.Task}): {words}");
    }

    private static string Words(JournalEntry? entry) =>
        entry is null ? "nothing" : $"{entry.Kind} {entry.Step} {entry.End} ({entry.CommandId}, epoch {entry.Epoch}, worker {entry.Worker?[^8..]}, {entry.Detail})";

    private static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);
}
