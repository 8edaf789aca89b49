using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using SandQueue.Contracts;
using SandQueue.Dashboard.Calls;
using SandQueue.Dashboard.Episodes;
using SandQueue.Dashboard.Pages;

namespace SandQueue.Dashboard.Play;

/// <summary>An episode that a person plays, step by step.</summary>
public sealed partial class PlayPage : LivePage
{
    private IReadOnlyList<string> _environments = [];
    private IReadOnlyList<string> _tasks = [];
    private IReadOnlyList<PlayTool> _tools = [];
    private InstanceRow? _instance;
    private EpisodeLoad? _load;
    private string? _listProblem;
    private string? _shown;
    private string _environment = "";
    private string _split = "train";
    private string _search = "";
    private string _task = "";
    private long? _seed;
    private string _tool = "";
    private string _message = "";
    private string _arguments = "{}";
    private bool _mayUse;
    private bool _isNew;

    [Inject] private IJSRuntime Script { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "id")] private string? Id { get; set; }

    [SupplyParameterFromQuery(Name = "env")] private string? AskedEnvironment { get; set; }

    private string Target => $"/v1/instances/{Uri.EscapeDataString(Id!)}";

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (!IsLoaded || _shown == Id) return;
        (_instance, _load, _tools) = (null, null, []);
        await ReloadAsync();
    }

    /// <inheritdoc/>
    protected override async Task LoadAsync()
    {
        _shown = Id;
        _mayUse = (await Gateway.UserAsync()).MayUse();
        if (Id is null)
        {
            _environments = [.. (await Gateway.GetAsync<Served>("/v1/environments", Closed)).Environments.Select(served => served.EnvType)];
            if (_environment.Length == 0) _environment = _environments.FirstOrDefault(name => name == AskedEnvironment) ?? _environments.FirstOrDefault(name => name != "recorded") ?? "";
            await TasksAsync();
            return;
        }

        var row = await Gateway.GetAsync<InstanceRow>(Target, Closed);
        _load ??= new EpisodeLoad(Gateway, row.InstanceId, row.EpisodeId);
        await _load.ReadOnAsync(Closed);
        if (_instance is null) _tools = await PlayTool.ReadAsync(Gateway, _load, row.EpisodeId, Closed);
        (_instance, _isNew) = (row, _instance is null);
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_isNew || _instance is null) return;
        _isNew = false;
        await Script.InvokeVoidAsync("sandqueue.reveal", Closed, "newest");
    }

    private async Task TasksAsync()
    {
        if (_environment.Length == 0) return;
        try
        {
            var search = _search.Trim() is { Length: > 0 } part ? $"&search={Uri.EscapeDataString(part)}" : "";
            _tasks = (await Gateway.GetAsync<TaskPage>($"/v1/environments/{Uri.EscapeDataString(_environment)}/tasks?split={Uri.EscapeDataString(_split.Trim())}&limit=100{search}", Closed)).Tasks;
            _listProblem = _tasks.Count == 0 ? "No task of this split is called so." : null;
            if (_tasks.Count > 0 && !_tasks.Contains(_task)) _task = _tasks[0];
        }
        catch (CallFailedException exception)
        {
            (_tasks, _listProblem) = ([], exception.Message);
        }
    }

    private async Task CreateAsync()
    {
        var request = new JsonObject { ["env_type"] = _environment, ["task_id"] = _task.Trim() };
        if (_seed is { } seed) request["params"] = new JsonObject { ["seed"] = seed };
        Made? made = null;
        if (await DoAsync(null, async () => made = await Gateway.SendAsync<Made>("POST", "/v1/instances", request, Closed))) Navigation.NavigateTo($"/ui/play?id={Uri.EscapeDataString(made!.InstanceId)}");
    }

    private async Task StepAsync()
    {
        if (await DoAsync(null, () => Gateway.BytesAsync("POST", $"{Target}/steps", new JsonObject { ["action"] = Action(), ["step"] = _instance!.Steps + 1 }, Closed)))
        {
            (_message, _arguments) = ("", "{}");
            await ShowNewestAsync();
        }
    }

    private async Task EvaluateAsync()
    {
        if (await DoAsync(null, () => Gateway.BytesAsync("POST", $"{Target}/evaluations", new { }, Closed))) await ShowNewestAsync();
    }

    private async Task ReleaseAsync()
    {
        if (await DoAsync("The instance is released; its episode stays", () => Gateway.BytesAsync("DELETE", Target, null, Closed))) await ReloadAsync();
    }

    private async Task ShowNewestAsync()
    {
        await ReloadAsync();
        StateHasChanged();
        await Script.InvokeVoidAsync("sandqueue.reveal", Closed, "newest");
    }

    private JsonObject Action()
    {
        if (_tool.Length == 0) return new JsonObject { ["role"] = "assistant", ["content"] = _message };
        try
        {
            if (JsonNode.Parse(_arguments) is not JsonObject) throw new CallFailedException(400, null, "the arguments must be a JSON object");
        }
        catch (JsonException exception)
        {
            throw new CallFailedException(400, null, OneLine.Of($"the arguments are not JSON: {exception.Message}"));
        }

        return new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = "",
            ["tool_calls"] = new JsonArray(new JsonObject
            {
                ["id"] = $"call_{_instance!.Steps + 1}",
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = _tool, ["arguments"] = _arguments },
            }),
        };
    }

    private sealed record Served(IReadOnlyList<ServedName> Environments);

    private sealed record ServedName(string EnvType);

    private sealed record TaskPage(IReadOnlyList<string> Tasks);

    private sealed record Made(string InstanceId);
}
