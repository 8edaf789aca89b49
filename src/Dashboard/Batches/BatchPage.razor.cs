using Microsoft.AspNetCore.Components;
using MudBlazor;
using SandQueue.Dashboard.Calls;
using SandQueue.Dashboard.Pages;
using SandQueue.Dashboard.Rollouts;

namespace SandQueue.Dashboard.Batches;

/// <summary>One batch: how far it is, how it goes, its rollouts, or one group of them side by side.</summary>
public sealed partial class BatchPage : LivePage
{
    private static readonly string[] Causes = ["agent", "environment", "infrastructure", "policy", "caller", "cancelled"];

    private readonly Stack<string?> _earlier = new();
    private BatchRow? _batch;
    private BatchFindings? _report;
    private IReadOnlyList<RolloutRow> _rollouts = [];
    private string? _cursor;
    private string? _next;
    private string _end = "";
    private string _cause = "";
    private string? _shownTask;
    private bool _mayUse;
    private bool _isFinal;

    /// <inheritdoc/>
    protected override TimeSpan? Every => TimeSpan.FromSeconds(2);

    [Inject] private IDialogService Dialogs { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "id")] private string? Id { get; set; }

    [SupplyParameterFromQuery(Name = "task")] private string? GroupTask { get; set; }

    private string Target => $"/v1/batches/{Uri.EscapeDataString(Id ?? "")}";

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        // The link to a group leads to this page again.
        if (_batch is null || _shownTask == GroupTask) return;
        (_cursor, _isFinal) = (null, false);
        _earlier.Clear();
        await ReloadAsync();
    }

    /// <inheritdoc/>
    protected override async Task LoadAsync()
    {
        // What is closed does not change.
        if (_isFinal) return;
        if (_batch is null) _mayUse = (await Gateway.UserAsync()).MayUse();
        _shownTask = GroupTask;
        var batch = await Gateway.GetAsync<BatchRow>(Target, Closed);
        var query = new List<string> { "limit=50" };
        if (GroupTask is { } task) query.Add($"task_id={Uri.EscapeDataString(task)}");
        if (_end.Length > 0) query.Add($"end={_end}");
        if (_cause.Length > 0) query.Add($"cause={_cause}");
        if (_cursor is not null) query.Add($"cursor={_cursor}");
        var page = await Gateway.GetAsync<RolloutRows>($"{Target}/rollouts?{string.Join('&', query)}", Closed);
        var isNews = _report is null || batch.Ended != _batch?.Ended;
        if (isNews) _report = await Gateway.GetAsync<BatchFindings>($"{Target}/report", Closed);
        (_batch, _rollouts, _next, _isFinal) = (batch, page.Rollouts, page.NextCursor, batch.State == "closed");
    }

    private Task FirstAsync()
    {
        _earlier.Clear();
        return TurnAsync(null);
    }

    private Task OnAsync()
    {
        _earlier.Push(_cursor);
        return TurnAsync(_next);
    }

    private Task BackAsync() => TurnAsync(_earlier.Pop());

    private async Task TurnAsync(string? cursor)
    {
        (_cursor, _isFinal) = (cursor, false);
        await ReloadAsync();
    }

    private async Task ActAsync(string action, string done)
    {
        await DoAsync(done, () => Gateway.BytesAsync("POST", $"{Target}/{action}", new { }, Closed));
        await TurnAsync(_cursor);
    }

    private async Task CancelAsync()
    {
        if (await Dialogs.ShowMessageBoxAsync("Cancel this batch?", $"The {_batch!.Running} rollouts that run are stopped and released, and the {_batch.Waiting} that wait are not played.", "Cancel the batch", cancelText: "Leave it") == true)
        {
            await ActAsync("cancel", "It is given up");
        }
    }

    private sealed record RolloutRows(IReadOnlyList<RolloutRow> Rollouts, string? NextCursor);
}
