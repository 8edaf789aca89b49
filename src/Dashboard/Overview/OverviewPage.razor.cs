using Microsoft.AspNetCore.Components;
using MudBlazor;
using SandQueue.Dashboard.Calls;
using SandQueue.Dashboard.Pages;

namespace SandQueue.Dashboard.Overview;

/// <summary>Where a person looks first: what needs them, how much is done and how fast, who does it.</summary>
public sealed partial class OverviewPage : LivePage
{
    private Activity? _activity;
    private LatencyFacts? _latency;
    private IReadOnlyList<ServedEnvironment> _environments = [];
    private IReadOnlyList<LivingWorker>? _workers;
    private IReadOnlyList<Attention> _attention = [];
    private bool _isAdmin;
    private string _tenant = "";

    /// <inheritdoc/>
    protected override TimeSpan? Every => TimeSpan.FromSeconds(3);

    [Inject] private DashboardSettings Settings { get; set; } = null!;

    [Inject] private IDialogService Dialogs { get; set; } = null!;

    /// <summary>Workers, and numbers of all tenants, are an admin's.</summary>
    private bool IsFarmWide => _isAdmin && Gateway.Tenant is null;

    /// <inheritdoc/>
    protected override async Task LoadAsync()
    {
        var user = await Gateway.UserAsync();
        (_isAdmin, _tenant) = (user.IsAdmin(), Gateway.Tenant ?? user.TenantName());
        _environments = (await Gateway.GetAsync<EnvironmentList>("/v1/environments", Closed)).Environments;
        _workers = _isAdmin ? (await Gateway.GetAsync<WorkerList>("/v1/workers", Closed)).Workers : null;
        _latency = _isAdmin ? await Gateway.GetAsync<LatencyFacts>("/v1/latency", Closed) : null;
        var batches = await Gateway.GetAsync<BatchStates>("/v1/batches?limit=50", Closed);
        var broken = new List<EndedInstance>();
        foreach (var state in (string[])["diverged", "lost", "failed"]) broken.AddRange((await Gateway.GetAsync<EndedInstances>($"/v1/instances?state={state}&limit=5", Closed)).Instances);
        var activity = await Gateway.GetAsync<Activity>(IsFarmWide ? "/v1/activity?of=farm" : "/v1/activity", Closed);
        _attention = Attention.Of(_environments, _workers, activity.Tenants, batches.Batches, broken, Now);
        _activity = activity;
    }

    private static string Counted(Activity activity) => $"Completed in the last {activity.Seconds:0} s, through whatever gateway";

    private async Task DrainAsync(LivingWorker worker)
    {
        var sure = await Dialogs.ShowMessageBoxAsync("Drain this worker?", $"{worker.Name} finishes what runs, hands its {worker.Living} instances over to others, and ends.", "Drain", cancelText: "Leave it");
        if (sure == true) await DoAsync("The worker drains", () => Gateway.BytesAsync("POST", $"/admin/workers/{Uri.EscapeDataString(worker.Name)}/drain", null, Closed));
    }
}
