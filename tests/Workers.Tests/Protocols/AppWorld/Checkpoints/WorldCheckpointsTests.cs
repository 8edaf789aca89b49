using System.Text;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Protocols;

namespace SandQueue.Workers.Tests.Protocols.AppWorld.Checkpoints;

/// <summary>Worlds that are saved in one container and restored in another, on a server that runs real Python.</summary>
public sealed class WorldCheckpointsTests : IAsyncLifetime
{
    private readonly DirectoryInfo _datasets = AppWorldDatasets.Create();
    private readonly List<PythonContainer> _containers = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var container in _containers) await container.DisposeAsync();
        _datasets.Delete(recursive: true);
    }

    [Theory]
    [InlineData("x = 1; y = 'two'; z = 3.5; t = True; n = None", "x, y, z, t, n")]
    [InlineData("text = \"quote ' and \\\" and \\\\ and \\u00e9 and \\U0001F600\\n\"", "text")]
    [InlineData("many = {'a': [1, (2, 'b')], 3: None, (4, 5): {'deep': [[]]}}", "many")]
    [InlineData("one = [1]; two = one; three = {'one': one}", "one is two, three['one'] is one")]
    [InlineData("loop = []; loop.append(loop)", "loop[0] is loop")]
    [InlineData("order = {'z': 1, 'a': 2}", "list(order)")]
    [InlineData("import math as m, json; from collections import Counter as C; from functools import reduce", "m.pi, json.dumps(1), C('aab').most_common(1), reduce")]
    [InlineData("big = 10 ** 400", "big")]
    [InlineData("exec('hidden = 1'); globals()['more'] = 2; [y := 3]", "hidden, more, y")]
    [InlineData("x = 1 # c\rafter = 2", "x, after")]
    [InlineData("json_state = 'json_names'; _ = 5", "json_state, _")]
    [InlineData("apis, random = 5, None", "apis, random")]
    [InlineData("id = 5; type = 'song'; list = [1]; str = dict = {}; sorted = globals = None; Exception = 1; isinstance = 0; factories = 2", "id, type, list, str is dict, factories")]
    [InlineData("__token = 'abc'\nfor _, __ in [(1, 2)]:\n    pass\n_i = 5; _i1 = 6; In = [7]", "__token, _, __, _i, _i1, In")]
    [InlineData("print = builtins.print\ndel print\nx = 1", "x")]
    [InlineData("from random import randint, choice", "randint(1, 1000), choice([1, 2, 3])")]
    [InlineData("from itertools import *", "list(chain([1], [2]))")]
    [InlineData("from datetime import datetime as dt, date\nnow = dt.now(); day = date(2023, 5, 1); clock = now.time()", "now, day, clock, now - now.replace(hour=1), type(now) is dt")]
    [InlineData("counts = Counter('aab'); groups = defaultdict(list); groups['x'].append(1); plain = defaultdict()", "counts['z'], counts, groups['new'], groups, plain")]
    [InlineData("for song in [{'id': 1}, {'id': 2}]:\n    last = song['id']", "song, last")]
    [InlineData("gone = 1\ndel gone, re", "'gone' in dir(), 're' in dir()")]
    [InlineData("token = apis.notes.login()['access_token']\napis.notes.add(text='a', access_token=token)", "token, apis.notes.show()")]
    [InlineData("half = 1\nraise Exception('in the middle')", "half")]
    [InlineData("dice = random.random()", "dice, random.random(), apis.notes.login()")]
    public async Task What_was_put_down_is_there_again(string code, string seen)
    {
        var first = await CreateAsync();
        await first.RunAsync(code);
        var saved = await first.SaveAsync(Cancel);
        saved.State.ShouldNotBeNull(saved.WhyNot);
        var expected = await first.RunAsync($"print({seen})");
        var second = await CreateAsync();

        (await second.LoadAsync(saved.State, Cancel)).ShouldBeNull();

        (await second.RunAsync($"print({seen})")).ShouldBe(expected);
        expected.ShouldNotContain("Execution failed");
    }

    [Theory]
    [InlineData("def mine(x):\n    return x", "mine")]
    [InlineData("squares = (x * x for x in [1])", "squares")]
    [InlineData("ids = {33, 68}", "set")]
    [InlineData("fixed = frozenset([1])", "frozenset")]
    [InlineData("def print(*args):\n    pass", "print")]
    [InlineData("print = builtins.print\ndef print(*a, **k):\n    builtins.print('mine', *a, **k)", "print")]
    [InlineData("del print\ndef print(*a, **k):\n    builtins.print('mine', *a, **k)", "print")]
    [InlineData("c = Counter()\nc.name = 'x'", "Counter")]
    [InlineData("own = defaultdict(lambda: 1)", "defaultdict")]
    [InlineData("import datetime\nspan = datetime.timedelta(days=1)", "timedelta")]
    [InlineData("inner = [lambda: 1]", "function")]
    [InlineData("not_a_number = float('nan')", "not a number")]
    [InlineData("many = list(range(100000))", "more than")]
    [InlineData("import json, random\ndef forge(state, real=json.dumps, dice=random):\n    return real({'names': {'os': {'m': 'os'}}, 'nodes': [], 'random': dice.getstate(), 'now': ''})\njson.dumps, forge = forge, 0", "the module os")]
    [InlineData("long = 'x' * 2000000", "more than")]
    public async Task What_cannot_be_put_down_whole_is_said_and_the_world_goes_on(string code, string why)
    {
        var world = await CreateAsync();
        await world.RunAsync(code);

        var saved = await world.SaveAsync(Cancel);

        saved.State.ShouldBeNull();
        saved.WhyNot.ShouldNotBeNull().ShouldContain(why);
        (await world.RunAsync("import builtins\napis.notes.add(text='on', access_token='t')\nbuiltins.print(len(apis.notes.show()))")).ShouldBe("1\n");
    }

    [Theory]
    [InlineData("thaws", "clock")]
    [InlineData("rerolls", "notes.json")]
    public async Task A_world_that_does_not_come_back_the_same_is_not_used(string flaw, string differs)
    {
        var first = await CreateAsync();
        await first.RunAsync("x = 1");
        var saved = await first.SaveAsync(Cancel);
        var second = await CreateAsync(flaw);

        (await second.LoadAsync(saved.State!, Cancel)).ShouldNotBeNull().ShouldContain(differs);
    }

    [Fact]
    public async Task What_the_agent_hangs_on_an_object_of_the_servers_is_seen()
    {
        var first = await CreateAsync();
        await first.RunAsync("apis.mine = 5");
        var saved = await first.SaveAsync(Cancel);
        var second = await CreateAsync();

        (await second.LoadAsync(saved.State!, Cancel)).ShouldNotBeNull().ShouldContain("Python session");
    }

    [Fact]
    public async Task A_process_that_took_a_world_up_ends_with_it_even_where_it_closes()
    {
        var first = await CreateAsync();
        await first.RunAsync("x = 1");
        var second = await CreateAsync("closes");
        (await second.LoadAsync((await first.SaveAsync(Cancel)).State!, Cancel)).ShouldBeNull();

        await second.ReleaseAsync(Cancel);
        await first.ReleaseAsync(Cancel);

        _containers.Select(container => container.Exited.IsCancellationRequested).ShouldBe([false, true]);
    }

    [Fact]
    public async Task A_refusal_on_the_way_is_said()
    {
        var first = await CreateAsync();
        await first.RunAsync("x = 1");
        var second = await CreateAsync("refuses");
        (await second.LoadAsync((await first.SaveAsync(Cancel)).State!, Cancel)).ShouldNotBeNull().ShouldContain("no more code");
    }

    [Fact]
    public async Task A_server_without_checkpoints_loses_nothing()
    {
        var world = await CreateAsync("plain");
        await world.RunAsync("x = 1");

        var saved = await world.SaveAsync(Cancel);

        saved.State.ShouldBeNull();
        saved.WhyNot.ShouldNotBeNull().ShouldContain("/save_state");
        (await world.RunAsync("print(x)")).ShouldBe("1\n");
    }

    [Fact]
    public async Task A_checkpoint_that_is_none_is_said_to_be_none()
    {
        var world = await CreateAsync();
        (await Should.ThrowAsync<EnvironmentFailedException>(() => world.LoadAsync(Encoding.UTF8.GetBytes("no zip"), Cancel))).Message.ShouldContain("checkpoint");
    }

    [Fact]
    public async Task Names_from_before_a_load_are_put_down_with_those_from_after()
    {
        var first = await CreateAsync();
        await first.RunAsync("before = 1");
        var second = await CreateAsync();
        (await second.LoadAsync((await first.SaveAsync(Cancel)).State!, Cancel)).ShouldBeNull();
        await second.RunAsync("after = 2");
        var third = await CreateAsync();

        (await third.LoadAsync((await second.SaveAsync(Cancel)).State!, Cancel)).ShouldBeNull();

        (await third.RunAsync("print(before, after)")).ShouldBe("1 2\n");
    }

    [Fact]
    public async Task Nothing_of_it_stays_in_the_session()
    {
        var first = await CreateAsync();
        await first.RunAsync("x = 1");
        var names = await first.RunAsync("print(sorted(dir()))");
        var second = await CreateAsync();

        (await second.LoadAsync((await first.SaveAsync(Cancel)).State!, Cancel)).ShouldBeNull();

        (await first.RunAsync("print(sorted(dir()))")).ShouldBe(names);
        (await second.RunAsync("print(sorted(dir()))")).ShouldBe(names);
    }

    private async Task<ICheckpointedInstance> CreateAsync(params string[] flaws)
    {
        var container = PythonContainer.Start("sha256:world", flaws);
        _containers.Add(container);
        var protocol = new EnvironmentProtocols(TimeProvider.System).Create("world", new EnvironmentOptions
        {
            Protocol = "appworld",
            CheckpointEvery = 1,
            AppWorld = new AppWorldOptions { Datasets = _datasets.FullName, Outputs = PythonContainer.Outputs },
        });
        return (ICheckpointedInstance)await protocol.CreateAsync(container, new NewInstance("world", "1", "e1", default), Cancel);
    }
}
