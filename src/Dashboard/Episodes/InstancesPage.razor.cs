using Microsoft.AspNetCore.Components;
using SandQueue.Dashboard.Pages;

namespace SandQueue.Dashboard.Episodes;

/// <summary>The instances of a tenant, living and ended, a page at a time.</summary>
public sealed partial class InstancesPage : LivePage
{
    private const int PageSize = 50;

    private static readonly string[] States = ["creating", "live", "parked", "released", "lost", "diverged", "failed"];

    /// <summary>The cursors of the pages before this one.</summary>
    private readonly Stack<string?> _earlier = new();

    private InstancePage? _page;
    private IReadOnlyList<string> _environments = [];
    private string _search = "";
    private string _environment = "";
    private string _state = "";
    private string? _cursor;

    [SupplyParameterFromQuery(Name = "env")] private string? AskedEnvironment { get; set; }

    [SupplyParameterFromQuery(Name = "state")] private string? AskedState { get; set; }

    [SupplyParameterFromQuery(Name = "q")] private string? AskedSearch { get; set; }

    private bool IsFiltered => _search.Length + _environment.Length + _state.Length > 0;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        (_environment, _state, _search) = (AskedEnvironment ?? "", AskedState ?? "", AskedSearch ?? "");
        await base.OnInitializedAsync();
    }

    /// <inheritdoc/>
    protected override async Task LoadAsync()
    {
        var query = new List<string> { $"limit={PageSize}" };
        if (_search.Trim() is { Length: > 0 } search) query.Add($"search={Uri.EscapeDataString(search)}");
        if (_environment.Length > 0) query.Add($"env_type={Uri.EscapeDataString(_environment)}");
        if (_state.Length > 0) query.Add($"state={Uri.EscapeDataString(_state)}");
        if (_cursor is not null) query.Add($"cursor={_cursor}");
        _page = await Gateway.GetAsync<InstancePage>($"/v1/instances?{string.Join('&', query)}", Closed);
        if (_environments.Count == 0) _environments = [.. (await Gateway.GetAsync<Served>("/v1/environments", Closed)).Environments.Select(served => served.EnvType).Append(_environment).Where(name => name.Length > 0).Distinct()];
    }

    /// <summary>The address shows the filter, so that it can be sent to somebody.</summary>
    private async Task FilterAsync()
    {
        _earlier.Clear();
        _cursor = null;
        Navigation.NavigateTo(
            Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["env"] = OrNull(_environment), ["state"] = OrNull(_state), ["q"] = OrNull(_search.Trim()) }), replace: true);
        await ReloadAsync();
    }

    private async Task OlderAsync()
    {
        _earlier.Push(_cursor);
        _cursor = _page!.NextCursor;
        await ReloadAsync();
    }

    private async Task NewerAsync()
    {
        _cursor = _earlier.Pop();
        await ReloadAsync();
    }

    private static string? OrNull(string text) => text.Length == 0 ? null : text;

    private sealed record Served(IReadOnlyList<ServedName> Environments);

    private sealed record ServedName(string EnvType);
}
