using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.Data;

/// <summary>A column that the database fills with the number of the transaction that inserts the row; 0 where there is one writer.</summary>
internal static class TransactionNumber
{
    private const string Annotation = "Hub:TransactionNumber";

    public static void IsTransactionNumber(this PropertyBuilder<long> property) => property.HasAnnotation(Annotation, true);

    /// <param name="model">The whole model, after the capabilities have mapped their entities.</param>
    /// <param name="sql">How this provider says it.</param>
    public static void Apply(IMutableModel model, string sql)
    {
        foreach (var property in model.GetEntityTypes().SelectMany(e => e.GetProperties()).Where(p => p.FindAnnotation(Annotation) is not null))
        {
            property.RemoveAnnotation(Annotation);
            property.SetDefaultValueSql(sql);
            property.ValueGenerated = ValueGenerated.OnAdd;
        }
    }
}
