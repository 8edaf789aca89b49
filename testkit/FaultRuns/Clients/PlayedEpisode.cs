using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.FaultRuns.Models;
using SandQueue.Storage.Model;

namespace SandQueue.FaultRuns.Clients;

/// <summary>One instance as its client knows it: what it sent, what it was answered, and what it may send next.</summary>
internal sealed class PlayedEpisode(EpisodeName name, string instance, CommandProtection protection)
{
    private int _sent;

    public EpisodeName Name => name;

    public string Instance => instance;

    public CommandProtection Protection => protection;

    public List<SentCommand> Commands { get; } = [];

    /// <summary>What the client believes the environment to be; null until its Create is answered, and once an answer made no sense.</summary>
    public EnvironmentModel? Model { get; private set; }

    /// <summary>Steps that were answered as completed.</summary>
    public int Steps { get; private set; }

    /// <summary>Why no command is sent any more, though nobody released it; null while all is well.</summary>
    public string? Stuck { get; set; }

    public bool Released { get; set; }

    public byte[] Params => Encoding.UTF8.GetBytes($$"""{"seed":{{name.Seed}}}""");

    public SentCommand Create() => New(CommandKind.Create, "", new JsonObject { ["env_type"] = name.Environment, ["task_id"] = name.Task }, new JsonObject { ["seed"] = name.Seed });

    /// <param name="random">Decides the action.</param>
    /// <param name="action">The action where it is decided already.</param>
    public SentCommand Step(Random random, string? action) => New(CommandKind.Step, action ?? Model!.Choose(random), [], []);

    /// <summary>The same action again, under another id.</summary>
    public SentCommand Again(SentCommand before) => New(before.Kind, before.Content, [], []);

    public SentCommand Evaluate() => New(CommandKind.Evaluate, "", [], []);

    public SentCommand Release() => New(CommandKind.Release, "", [], []);

    /// <summary>Takes a completed answer in, so that the next action can be chosen. Whether it was right is judged later, from the journal.</summary>
    public void Take(SentCommand completed)
    {
        if (completed.Kind == CommandKind.Release) return;
        try
        {
            using var json = JsonDocument.Parse(completed.Data.ToArray());
            if (completed.Kind == CommandKind.Create) Model = EnvironmentModel.Of(name, json.RootElement, new Chances());
            if (completed.Kind == CommandKind.Step) Model!.Step(completed.Content, ++Steps, json.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException or KeyNotFoundException)
        {
            Stuck = $"an answer made no sense: {completed.AnswerText}";
        }
    }

    private SentCommand New(CommandKind kind, string content, JsonObject body, JsonObject parameters)
    {
        var step = kind == CommandKind.Step ? Steps + 1 : 0;
        var key = kind == CommandKind.Step && protection == CommandProtection.StepOnly ? null : $"{instance}.{++_sent}";
        var inParameter = protection == CommandProtection.Parameter && kind != CommandKind.Create;
        if (inParameter) parameters["_command_id"] = key;
        if (step > 0 && protection is (CommandProtection.HeaderAndStep or CommandProtection.StepOnly)) parameters["_step"] = step;
        body["instance_id"] = instance;
        if (parameters.Count > 0 && kind != CommandKind.Release) body["params"] = parameters;
        byte[] action = [];
        if (kind == CommandKind.Step)
        {
            var message = new JsonObject { ["role"] = "assistant", ["content"] = content };
            action = Encoding.UTF8.GetBytes(message.ToJsonString());
            body["messages"] = message;
        }

        var command = new SentCommand
        {
            Kind = kind,
            Key = key,
            Step = step,
            Content = content,
            Body = Encoding.UTF8.GetBytes(body.ToJsonString()),
            Action = action,
            HasHeader = key is not null && (!inParameter || kind == CommandKind.Release),
        };
        Commands.Add(command);
        return command;
    }
}
