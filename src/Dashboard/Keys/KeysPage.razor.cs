using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using SandQueue.Dashboard.Calls;
using SandQueue.Dashboard.Pages;
using SandQueue.Dashboard.Text;

namespace SandQueue.Dashboard.Keys;

/// <summary>Who is let in and what each may have, for admins.</summary>
public sealed partial class KeysPage : LivePage
{
    private IReadOnlyList<KeyRow>? _keys;
    private IReadOnlyList<TenantRow> _tenants = [];
    private IssuedKey? _issued;
    private string _tenant = "";
    private string _name = "";
    private string _scope = "use";
    private int? _days;
    private bool _hasSession;

    [Inject] private IDialogService Dialogs { get; set; } = null!;

    private bool IsOpen => !_hasSession;

    /// <inheritdoc/>
    protected override async Task LoadAsync()
    {
        _hasSession = (await Gateway.UserAsync()).HasSession();
        _tenants = (await Gateway.GetAsync<TenantRows>("/v1/tenants", Closed)).Tenants;
        _keys = (await Gateway.GetAsync<KeyRows>("/v1/keys", Closed)).Keys;
    }

    private static string Limit(int limit) => limit == 0 ? "no limit" : Shown.Count(limit);

    private async Task IssueAsync()
    {
        var request = new JsonObject { ["tenant"] = _tenant.Trim(), ["scope"] = _scope };
        if (_name.Trim() is { Length: > 0 } name) request["name"] = name;
        if (_days is { } days) request["days"] = days;
        if (!await DoAsync(null, async () => _issued = await Gateway.SendAsync<IssuedKey>("POST", "/v1/keys", request, Closed))) return;
        (_tenant, _name, _days) = ("", "", null);

        // With the first key an open gateway closes: loading again would lead to the sign-in page before anybody has read it.
        if (_hasSession) await ReloadAsync();
    }

    private async Task RevokeAsync(KeyRow key)
    {
        if (await Dialogs.ShowMessageBoxAsync("Revoke this key?", $"Whoever uses {key.Id} of {key.Tenant} is refused within two seconds, for good.", "Revoke", cancelText: "Leave it") != true) return;
        await DoAsync("The key is revoked", () => Gateway.BytesAsync("DELETE", $"/v1/keys/{Uri.EscapeDataString(key.Id)}", null, Closed));
        await ReloadAsync();
    }
}
