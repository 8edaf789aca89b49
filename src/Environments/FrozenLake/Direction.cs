namespace SandQueue.Environments.FrozenLake;

/// <summary>A move, in the order of the field, in which the neighbours of a move are the two at right angles to it.</summary>
internal enum Direction
{
    Left,
    Down,
    Right,
    Up,
}
