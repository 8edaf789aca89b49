using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;

namespace SandQueue.Dashboard.Batches;

/// <summary>Asks what a batch is to play. The gateway checks it.</summary>
public sealed partial class BatchForm : ComponentBase
{
    private string _environment = "";
    private string _split = "train";
    private int _tasks = 10;
    private long _seed = 1;
    private int _repeats = 4;
    private int _concurrency = 16;
    private string _policy = "gold";
    private string _address = "";
    private string _model = "";
    private string _secret = "";
    private string _name = "";

    /// <summary>What is served.</summary>
    [Parameter] public IReadOnlyList<string> Environments { get; set; } = [];

    /// <summary>Whether something is under way.</summary>
    [Parameter] public bool Busy { get; set; }

    /// <summary>The reader wants it: the body of the request.</summary>
    [Parameter] public EventCallback<object> OnStart { get; set; }

    /// <summary>The reader has changed their mind.</summary>
    [Parameter] public EventCallback OnClose { get; set; }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (_environment.Length == 0) _environment = Environments.Count > 0 ? Environments[0] : "";
    }

    private Task StartAsync()
    {
        var policy = new JsonObject { ["type"] = _policy };
        if (_policy == "random") policy["seed"] = _seed;
        if (_policy == "model")
        {
            (policy["base_url"], policy["model"]) = (_address.Trim(), _model.Trim());
            if (_secret.Trim() is { Length: > 0 } secret) policy["secret"] = secret;
        }

        var request = new JsonObject
        {
            ["env_type"] = _environment,
            ["split"] = _split.Trim(),
            ["sample"] = new JsonObject { ["n"] = _tasks, ["seed"] = _seed },
            ["repeats"] = _repeats,
            ["concurrency"] = _concurrency,
            ["policy"] = policy,
        };
        if (_name.Trim() is { Length: > 0 } name) request["name"] = name;
        return OnStart.InvokeAsync(request);
    }
}
