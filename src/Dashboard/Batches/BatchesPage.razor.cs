using SandQueue.Dashboard.Calls;
using SandQueue.Dashboard.Pages;

namespace SandQueue.Dashboard.Batches;

/// <summary>The batches of a tenant, the newest first.</summary>
public sealed partial class BatchesPage : LivePage
{
    private readonly List<string> _chosen = [];
    private BatchPageRows? _page;
    private IReadOnlyList<string> _environments = [];
    private string? _cursor;
    private bool _isStarting;
    private bool _mayUse;

    /// <inheritdoc/>
    protected override TimeSpan? Every => TimeSpan.FromSeconds(2);

    private string? CompareLink => _chosen is [var first, var second] ? $"/ui/compare?first={Uri.EscapeDataString(first)}&second={Uri.EscapeDataString(second)}" : null;

    /// <inheritdoc/>
    protected override async Task LoadAsync()
    {
        if (_page is null)
        {
            _mayUse = (await Gateway.UserAsync()).MayUse();
            _environments = [.. (await Gateway.GetAsync<Served>("/v1/environments", Closed)).Environments.Select(served => served.EnvType)];
        }

        _page = await Gateway.GetAsync<BatchPageRows>($"/v1/batches?limit=30{(_cursor is null ? "" : $"&cursor={_cursor}")}", Closed);
    }

    private async Task TurnAsync(string? cursor)
    {
        _cursor = cursor;
        await ReloadAsync();
    }

    private void Choose(string batch)
    {
        if (!_chosen.Remove(batch)) _chosen.Add(batch);
    }

    private async Task StartAsync(object request)
    {
        BatchRow? begun = null;
        if (await DoAsync(null, async () => begun = await Gateway.SendAsync<BatchRow>("POST", "/v1/batches", request, Closed))) Navigation.NavigateTo(begun!.Link);
    }

    private sealed record Served(IReadOnlyList<ServedName> Environments);

    private sealed record ServedName(string EnvType);
}
