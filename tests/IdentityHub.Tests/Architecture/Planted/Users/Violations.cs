using IdentityHub.Tests.Architecture.Planted.Data;

namespace IdentityHub.Tests.Architecture.Planted.Users;

// Each type breaks the rule "Users uses nothing" in one way. The test that walks this file's types proves that the
// checker sees every one of them; a way that it does not see would be a hole in the architecture.
internal sealed class ByBaseType : Rows;

internal sealed class ByInterface : IRows;

internal sealed class ByField
{
    public Rows[] Field = [];
}

internal sealed class ByProperty
{
    public Rows? Property { get; init; }
}

internal sealed class ByParameter
{
    public static void Method(Rows rows) => _ = rows;
}

internal sealed class ByReturnType
{
    public static Rows? Method() => null;
}

internal sealed class ByGenericArgument
{
    public List<Dictionary<string, Rows[]>> Field = [];
}

internal sealed class ByConstraint<T>
    where T : IRows;

internal sealed class ByStaticCall
{
    public static int Method() => Rows.Count(1);
}

internal sealed class ByGenericCall
{
    public static int Method() => Array.Empty<Rows>().Length;
}

internal sealed class ByFieldUse
{
    public static int Method() => Rows.Numbers[0];
}

internal sealed class ByLambda
{
    public static Func<int, int> Method() => number => Rows.Count(number);
}

internal sealed class ByStateMachine
{
    public static async Task<int> MethodAsync()
    {
        await Task.Yield();
        return Rows.Count(2);
    }
}

internal sealed class ByIterator
{
    public static IEnumerable<int> Method()
    {
        yield return Rows.Count(3);
    }
}

internal sealed class ByTypeOf
{
    public static string Method() => typeof(Rows).Name;
}

internal sealed class ByCatch
{
    public static int Method(Func<int> work)
    {
        try
        {
            return work();
        }
        catch (RowsException)
        {
            return 0;
        }
    }
}

[Rows]
internal sealed class ByAttribute;

internal sealed class ByAttributeOnParameter
{
    public static void Method([Rows] int number) => _ = number;
}

[System.ComponentModel.TypeConverter(typeof(Rows))]
internal sealed class ByAttributeArgument;

internal sealed class ByPattern
{
    public static bool Method(object something) => something is Rows;
}
