using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using MudBlazor;
using SandQueue.Dashboard.Calls;

namespace SandQueue.Dashboard.Shell;

/// <summary>What is around every page: the menu, whose things are shown, light or dark.</summary>
public sealed partial class MainLayout : IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private MudThemeProvider? _theme;
    private ErrorBoundary? _boundary;
    private ClaimsPrincipal? _user;
    private IReadOnlyList<string> _tenants = [];
    private bool _isDark;
    private bool _isKnown;
    private bool _isWatching;
    private bool _isOpen = true;

    [Inject] private IJSRuntime Script { get; set; } = null!;

    /// <inheritdoc/>
    public void Dispose()
    {
        Gateway.TenantChanged -= StateHasChanged;
        _closed.Cancel();
        _closed.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        Gateway.TenantChanged += StateHasChanged;
        (_isDark, _isKnown) = (await Script.InvokeAsync<bool>("sandqueue.isDark", _closed.Token), true);
        _user = await Gateway.UserAsync();
        if (!_user.IsAdmin()) return;
        try
        {
            _tenants = [.. (await Gateway.GetAsync<TenantList>("/v1/tenants", _closed.Token)).Tenants.Select(tenant => tenant.Tenant)];
        }
        catch (CallFailedException)
        {
            // The page itself says what is wrong; without the list there is nothing to choose from.
        }
    }

    /// <inheritdoc/>
    protected override void OnParametersSet() => _boundary?.Recover();

    /// <summary>What the reader chose once counts; else what the system says.</summary>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_isWatching || _theme is null) return;
        _isWatching = true;
        await _theme.WatchSystemDarkModeAsync(OnSystemChangedAsync);
    }

    private static Dictionary<string, object?> Named(string name) => new() { ["aria-label"] = name, ["title"] = name };

    private async Task OnSystemChangedAsync(bool isDark)
    {
        if (await Script.InvokeAsync<string?>("sandqueue.theme", _closed.Token) is not null) return;
        _isDark = isDark;
        await InvokeAsync(StateHasChanged);
    }

    private async Task SwitchAsync()
    {
        // Kept first: what the reader sees is what the next page has.
        await Script.InvokeVoidAsync("sandqueue.keepTheme", _closed.Token, _isDark ? "light" : "dark");
        _isDark = !_isDark;
    }

    private void LookAt(ChangeEventArgs change) => Gateway.LookAt(change.Value as string is { Length: > 0 } tenant ? tenant : null);

    private async Task SignOutAsync()
    {
        await Gateway.SignOutAsync();
        Navigation.NavigateTo("/ui/sign-in", forceLoad: true);
    }

    private sealed record TenantList(IReadOnlyList<TenantName> Tenants);

    private sealed record TenantName(string Tenant);
}
