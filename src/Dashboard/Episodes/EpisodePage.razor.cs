using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using SandQueue.Dashboard.Calls;
using SandQueue.Dashboard.Pages;
using SandQueue.Dashboard.Rollouts;

namespace SandQueue.Dashboard.Episodes;

/// <summary>One episode: what was said and done, step by step, and what can be done with it.</summary>
public sealed partial class EpisodePage : LivePage
{
    /// <summary>Steps whose messages are shown at once.</summary>
    private const int Window = 40;

    /// <summary>So long after its end an episode changes no more: what was asked before may have ended behind it.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    private List<(int Index, EpisodeEntry Entry)> _rows = [];
    private InstanceRow? _instance;
    private EpisodeLoad? _load;
    private RolloutRow? _rollout;
    private FailureRows _failures = FailureRows.None;
    private bool _isWhole;
    private bool _mayUse;
    private bool _needsKey;
    private int _from;
    private int? _forkAt;
    private string? _curl;

    /// <inheritdoc/>
    protected override TimeSpan? Every => TimeSpan.FromSeconds(3);

    [SupplyParameterFromQuery(Name = "id")] private string? Name { get; set; }

    [SupplyParameterFromQuery(Name = "episode")] private long? Episode { get; set; }

    private double? Score => _rows.LastOrDefault(item => item.Entry.Kind == "evaluate").Entry?.Reward;

    /// <inheritdoc/>
    protected override async Task LoadAsync()
    {
        if (_isWhole) return;
        var name = Uri.EscapeDataString(Name ?? "");
        if (name.Length == 0) throw new CallFailedException(404, null, "the address names no instance");
        var row = await Gateway.GetAsync<InstanceRow>($"/v1/instances/{name}{(Episode is { } key ? $"?episode_id={key}" : "")}", Closed);
        var isNews = _instance is null || row.LastUsedAt != _instance.LastUsedAt || row.State != _instance.State || row.Steps != _instance.Steps;
        var load = _load is null || row.EpisodeId != _instance?.EpisodeId ? new EpisodeLoad(Gateway, row.InstanceId, row.EpisodeId) : _load;
        if (_instance is null) (_mayUse, _rollout) = ((await Gateway.UserAsync()).MayUse(), await FindRolloutAsync(row.InstanceId));
        var rows = _rows;
        if (isNews || rows.Count == 0)
        {
            await load.ReadOnAsync(Closed);
            rows = [.. load.Entries.Select((entry, index) => (index, entry))];
        }

        (_load, _instance, _rows) = (load, row, rows);

        // Last: what was read is shown, though this could not be.
        var isOver = row.EndedAt is { } ended && Now - ended > Settling;
        _failures = await Gateway.GetAsync<FailureRows>($"/v1/instances/{name}/failures?episode_id={row.EpisodeId}&limit={FailureRows.Most}", Closed);
        _isWhole = isOver;
    }

    private static string NameOf(EpisodeEntry entry) => entry.Kind switch
    {
        "create" => "start",
        "evaluate" => "score",
        _ => entry.Step?.ToString(CultureInfo.InvariantCulture) ?? entry.Kind,
    };

    private void Show(int index) => _from = Math.Clamp(index, 0, Math.Max(0, _rows.Count - 1));

    private ILookup<int, FailureRow> FailedBehind() => _failures.Behind([.. _rows.Select(item => item.Entry.RecordedAt)], isWhole: _load!.Entries.Count < EpisodeLoad.Most);

    /// <summary>Goes to what came before the first of them.</summary>
    private void ShowFailure() => Show(FailedBehind().Select(place => place.Key).DefaultIfEmpty(0).Min());

    private void ShowCurl(EpisodeEntry? entry) =>
        _curl = CurlLine.Of(Navigation.BaseUri, _instance!, entry, _needsKey);

    private async Task ReplayAsync()
    {
        var policy = new { type = "replay", episode_id = _instance!.EpisodeId };
        await PlayAsync(policy, "replay");
    }

    private Task ForkAsync(ForkChoice choice) => PlayAsync(new { type = "fork", episode_id = _instance!.EpisodeId, steps = choice.Step, then = choice.Policy }, "fork");

    private async Task PlayAsync(object policy, string what)
    {
        RolloutRow? begun = null;
        var went = await DoAsync(null, async () => begun = await Gateway.SendAsync<RolloutRow>(
            "POST", "/v1/rollouts", new { env_type = _instance!.EnvType, task_id = _instance.TaskId, rollout_id = RolloutName.New(what, _instance.EpisodeId), policy }, Closed));
        if (went) Navigation.NavigateTo($"/ui/rollout?id={Uri.EscapeDataString(begun!.RolloutId)}");
    }

    /// <summary>Instances of rollouts are named after them.</summary>
    private async Task<RolloutRow?> FindRolloutAsync(string instance)
    {
        _needsKey = (await Gateway.UserAsync()).HasSession();
        if (OfRollout().Match(instance) is not { Success: true } match) return null;
        try
        {
            return await Gateway.GetAsync<RolloutRow>($"/v1/rollouts/{Uri.EscapeDataString(match.Groups["id"].Value)}", Closed);
        }
        catch (CallFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^rollout-(?<id>.+)-[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex OfRollout();
}
