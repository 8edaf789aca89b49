using System.Diagnostics;
using System.Text.Json;
using CsCheck;
using SandQueue.Workers.Protocols.AppWorld.Checkpoints;

namespace SandQueue.Workers.Tests.Protocols.AppWorld.Checkpoints;

/// <summary>Python's own parser knows what a program binds; whatever the text's reader makes of it, it may miss none of that.</summary>
public sealed class AgentNamesProperties
{
    private const int Programs = 40_000;

    private static readonly Gen<string> Name = Words("a", "b1", "_c", "print", "apis", "json", "match", "r", "f", "list");

    private static readonly Gen<string> Text = Words(
        "'a = 1'", "\"it's\"", "'''\nx = 1\n'''", "r'\\'", "r'\\d+'", "b'a'", "f'{a}'", "f\"{a!r:>{b1}}\"", "'#'", "'a' 'b'", "\"\"", "'\\''", "f'{a}' \"b\"", "rb'x'", "\"\"\"'\"\"\"");

    private static readonly Gen<string> Simple = Gen.OneOf(
        Name, Text, Words("1", "0.5", "1e5", "0x1f", "[]", "{}", "()", "...", "None"),
        Gen.Select(Name, Name, (left, right) => $"{left}.{right}"), Gen.Select(Name, Text, (left, right) => $"{left}[{right}]"));

    private static readonly Gen<string> Expression = Gen.OneOf(
        Simple,
        Gen.Select(Simple, Simple, (left, right) => $"{left} == {right}"),
        Gen.Select(Simple, Simple, (left, right) => $"({left}, {right})"),
        Gen.Select(Name, Simple, Name, Simple, (name, value, keyword, other) => $"{name}({value}, {keyword}={other})"),
        Gen.Select(Simple, Name, Simple, (value, name, many) => $"[{value} for {name} in {many}]"),
        Gen.Select(Name, Simple, (name, value) => $"lambda {name}=1: {value}"),
        Gen.Select(Name, Simple, (name, value) => $"({name} := {value})"),
        Gen.Select(Simple, Simple, (one, other) => $"{{{one}: {other}}}"),
        Gen.Select(Simple, Simple, Simple, (then, test, otherwise) => $"{then} if {test} else {otherwise}"));

    private static readonly Gen<string> Target = Gen.OneOf(
        Name,
        Gen.Select(Name, Name, (one, other) => $"{one}, {other}"),
        Gen.Select(Name, Name, (one, other) => $"({one}, [*{other}])"),
        Gen.Select(Name, Simple, (name, index) => $"{name}[{index}]"),
        Gen.Select(Name, Name, (name, attribute) => $"{name}.{attribute}"));

    private static readonly Gen<string> Line = Gen.OneOf(
        Expression,
        Gen.Select(Target, Expression, (target, value) => $"{target} = {value}"),
        Gen.Select(Target, Target, Expression, (one, other, value) => $"{one} = {other} = {value}"),
        Gen.Select(Name, Words("+", "-", "*", "//", "|", "**", "%", ">>"), Expression, (name, how, value) => $"{name} {how}= {value}"),
        Gen.Select(Name, Expression, (name, value) => $"{name}: int = {value}"),
        Gen.Select(Target, Expression, (target, many) => $"for {target} in {many}: pass"),
        Gen.Select(Expression, Target, (entered, target) => $"with {entered} as ({target}): pass"),
        Gen.Select(Name, name => $"try: pass\nexcept Exception as {name}: pass"),
        Gen.Select(Name, Name, (module, name) => $"import {module} as {name}"),
        Gen.Select(Name, Name, (module, name) => $"import {module}.{name}"),
        Gen.Select(Name, Name, Name, (module, name, other) => $"from {module} import ({name},\n  {other} as {name})"),
        Gen.Select(Name, Name, (name, parameter) => $"def {name}({parameter}, *a, **b1): return 1"),
        Gen.Select(Name, name => $"class {name}: pass"),
        Gen.Select(Target, target => $"del {target}"),
        Gen.Select(Name, Name, (subject, name) => $"match {subject}:\n  case [1, *{name}]: pass\n  case {{'k': 1, **{subject}}}: pass"),
        Gen.Select(Expression, Text, (value, words) => $"{value} # {words} = 'it"),
        Gen.Select(Name, Expression, (name, value) => $"{name} \\\n  = {value}"),
        Gen.Select(Name, Name, (name, other) => $"def f():\n  global {name}\n  {name} = {other}"));

    private static Gen<string> Words(params string[] words) => Gen.Int[0, words.Length - 1].Select(index => words[index]);

    [Fact]
    public async Task No_name_that_a_program_binds_is_missed()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "needs Python at /usr/bin/python3");
        var programs = new List<string>();
        Gen.Select(Line.Array[1, 3], lines => string.Join('\n', lines)).Sample(programs.Add, iter: Programs, threads: 1);

        var bound = await BoundAsync(programs);

        var (known, unknown) = (0, 0);
        foreach (var (program, names) in programs.Zip(bound).Where(pair => pair.Second is not null))
        {
            var agent = new AgentNames();
            agent.Read(program);
            if (agent.Unknown is not null) unknown++;
            else
            {
                known++;
                names!.Where(name => name[0] != '.').Except(agent.All).ShouldBeEmpty($"in the program\n{program}");
            }
        }

        (known, unknown).ShouldSatisfyAllConditions(counts => counts.known.ShouldBeGreaterThan(Programs / 10), counts => counts.unknown.ShouldBeGreaterThan(Programs / 10));
    }

    private static async Task<List<string[]?>> BoundAsync(List<string> programs)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "bound_names.py")]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var python = Process.Start(start)!;
        await python.StandardInput.WriteAsync(JsonSerializer.Serialize(programs));
        python.StandardInput.Close();
        var bound = JsonSerializer.Deserialize<List<string[]?>>(await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken))!;
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        bound.Count.ShouldBe(programs.Count);
        return bound;
    }
}
