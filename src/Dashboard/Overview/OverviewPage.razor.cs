using System.Globalization;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using SandQueue.Dashboard.Calls;
using SandQueue.Dashboard.Pages;
using SandQueue.Dashboard.Text;

namespace SandQueue.Dashboard.Overview;

/// <summary>Where a person looks first: what needs them, how much is done and how fast, who does it.</summary>
public sealed partial class OverviewPage : LivePage
{
    private Activity? _activity;
    private LatencyFacts? _latency;
    private IReadOnlyList<ServedEnvironment> _environments = [];
    private IReadOnlyList<LivingWorker>? _workers;
    private IReadOnlyList<Attention> _attention = [];
    private List<ChartSeries<double>> _series = [];
    private string[] _labels = [];
    private LineChartOptions _chart = new();
    private bool _isAdmin;
    private bool _isQuiet;

    /// <inheritdoc/>
    protected override TimeSpan? Every => TimeSpan.FromSeconds(3);

    [Inject] private DashboardSettings Settings { get; set; } = null!;

    [Inject] private IDialogService Dialogs { get; set; } = null!;

    /// <summary>Workers, and numbers of all tenants, are an admin's.</summary>
    private bool IsFarmWide => _isAdmin && Gateway.Tenant is null;

    private string ChartText => _activity is { } activity
        ? string.Create(CultureInfo.InvariantCulture, $"Line chart of completed commands in pieces of 5 seconds; in all {activity.Buckets.Sum(bucket => bucket.Steps)} steps and {activity.Buckets.Sum(bucket => bucket.Creates)} creates")
        : "";

    /// <inheritdoc/>
    protected override async Task LoadAsync()
    {
        _isAdmin = (await Gateway.UserAsync()).IsAdmin();
        _environments = (await Gateway.GetAsync<EnvironmentList>("/v1/environments", Closed)).Environments;
        _workers = _isAdmin ? (await Gateway.GetAsync<WorkerList>("/v1/workers", Closed)).Workers : null;
        _latency = _isAdmin ? await Gateway.GetAsync<LatencyFacts>("/v1/latency", Closed) : null;
        var batches = await Gateway.GetAsync<BatchStates>("/v1/batches?limit=50", Closed);
        var broken = new List<EndedInstance>();
        foreach (var state in (string[])["diverged", "lost", "failed"]) broken.AddRange((await Gateway.GetAsync<EndedInstances>($"/v1/instances?state={state}&limit=5", Closed)).Instances);
        _attention = Attention.Of(_environments, _workers, batches.Batches, broken, Now);
        Draw(await Gateway.GetAsync<Activity>(IsFarmWide ? "/v1/activity?of=farm" : "/v1/activity", Closed));
    }

    /// <summary>Two quantiles in the room of one.</summary>
    private static string Both(double? half, double? most) => half is null ? "–" : $"{Shown.Milliseconds(half)} · {Shown.Milliseconds(most)}";

    private void Draw(Activity activity)
    {
        _isQuiet = activity.Buckets.All(bucket => bucket is { Steps: 0, Creates: 0 });
        _labels = [.. activity.Buckets.Select((bucket, index) => index % 3 == 0 ? Shown.Clock(bucket.At) : "")];
        _series =
        [
            new ChartSeries<double> { Name = "steps", Data = activity.Buckets.Select(bucket => (double)bucket.Steps).ToArray() },
            new ChartSeries<double> { Name = "creates", Data = activity.Buckets.Select(bucket => (double)bucket.Creates).ToArray() },
        ];
        _chart = new LineChartOptions { YAxisTicks = ChartTicks.Of(activity.Buckets.Max(bucket => Math.Max(bucket.Steps, bucket.Creates))) };
        _activity = activity;
    }

    private (int Living, int Free) Room(string environment)
    {
        var rooms = (_workers ?? []).SelectMany(worker => worker.Capacity).Where(room => room.EnvType == environment).ToList();
        return (rooms.Sum(room => room.LiveInstances), rooms.Sum(room => room.FreeSlots));
    }

    private async Task DrainAsync(LivingWorker worker)
    {
        var sure = await Dialogs.ShowMessageBoxAsync("Drain this worker?", $"{worker.Name} finishes what runs, hands its {worker.Living} instances over to others, and ends.", "Drain", cancelText: "Leave it");
        if (sure == true) await DoAsync("The worker drains", () => Gateway.BytesAsync("POST", $"/admin/workers/{Uri.EscapeDataString(worker.Name)}/drain", null, Closed));
    }
}
