using CsCheck;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.FrozenLake;

namespace SandQueue.Environments.Tests.FrozenLake;

public sealed class FrozenLakeTaskTests
{
    [Fact]
    public void An_id_is_read_as_it_was_written()
    {
        Gen.Select(Gen.Int[2, 16], Gen.Bool, Gen.Long[0, 999_999_999_999_999_999])
            .Select((size, slippery, seed) => new FrozenLakeTask(size, slippery, seed))
            .Sample(task => FrozenLakeTask.Parse(task.ToString()) == task);
    }

    [Fact]
    public void What_is_accepted_is_written_in_one_way_only()
    {
        Gen.OneOf<string>("0", "1", "2", "4", "9", "16", "17", "x", "-", "-slippery", " ", "\0", "٤", "+").List[0, 9].Sample(pieces =>
        {
            var id = string.Concat(pieces);
            try
            {
                FrozenLakeTask.Parse(id).ToString().ShouldBe(id);
            }
            catch (InvalidRequestException)
            {
            }
        });
    }

    [Theory]
    [InlineData("4x4")]
    [InlineData("4x4-")]
    [InlineData("4x4-017")]
    [InlineData("04x04-17")]
    [InlineData("4x4--17")]
    [InlineData("4x4-+17")]
    [InlineData("4x4-17 ")]
    [InlineData("4x4-17\n")]
    [InlineData("4X4-17")]
    [InlineData("4x4-Slippery-17")]
    [InlineData("4x4-17-slippery")]
    [InlineData("4x8-17")]
    [InlineData("1x1-17")]
    [InlineData("17x17-17")]
    [InlineData("4x4-1000000000000000000")]
    [InlineData("")]
    public void Other_ids_are_refused_with_an_example(string id)
    {
        Should.Throw<InvalidRequestException>(() => FrozenLakeTask.Parse(id)).Message.ShouldContain("4x4-17");
    }

    [Theory]
    [InlineData("4x4-1", 100)]
    [InlineData("8x8-1", 200)]
    [InlineData("16x16-slippery-1", 400)]
    public void The_turns_grow_with_the_size(string id, int turns)
    {
        FrozenLakeTask.Parse(id).MaxMoves.ShouldBe(turns);
    }
}
