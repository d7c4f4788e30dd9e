namespace IdentityHub.Tests.Architecture.Planted.Data;

/// <summary>What <c>Planted.Users</c> may not name.</summary>
internal class Rows
{
    public static readonly int[] Numbers = [1];

    public static int Count(int factor) => factor * Numbers.Length;
}

internal sealed class RowsException : Exception;

[AttributeUsage(AttributeTargets.All)]
internal sealed class RowsAttribute(Type? type = null) : Attribute
{
    public Type? Type => type;
}

internal interface IRows;
