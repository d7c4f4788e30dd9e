using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Pages;
using IdentityHub.Revocation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Admin;

/// <summary>Proving that a session dies at an application, and what came of it.</summary>
internal static class ProofPages
{
    public const string ProvePath = $"{AdminPaths.RelyingParties}/prove";
    public const string OnePath = $"{AdminPaths.RelyingParties}/proof";

    public static string One(Guid id) => $"{OnePath}?id={id}";

    public static async Task<IResult> Prove([FromForm(Name = "client")] string? client, CurrentAdministrator administrator, LogoutProver prover, CancellationToken cancel) =>
        client is not null && await prover.ProveAsync(client, Initiator.Administrator(administrator.UserId), cancel) is { } proof
            ? SeeOther.To(One(proof.Id))
            : TypedResults.NotFound();

    public static async Task<Results<RazorComponentResult<ProofPage>, NotFound>> GetOne([FromQuery] Guid? id, LogoutProver prover, CancellationToken cancel) =>
        id is { } which && await prover.FindAsync(which, cancel) is { } proof
            ? new RazorComponentResult<ProofPage>(new { Shown = (object)proof })
            : TypedResults.NotFound();
}
