/**
 * The script of a live story's page. It asks for the newest posts' ids every half minute while somebody looks, and says
 * how many are new. Its link shows them in place, without loading the page again.
 */
export const liveScript = `(()=>{
let box=document.getElementById('posts');
const look=async()=>{
if(document.hidden||!box.dataset.posts)return;
try{
const{posts,coverageEndTime:end}=await(await fetch(box.dataset.posts,{cache:'no-cache'})).json();
const shown=[...box.querySelectorAll('.post')];
const known=new Set(shown.map(post=>post.id));
const newest=shown.find(post=>!post.matches('.pinned'));
const at=posts.findIndex(id=>newest&&'post-'+id===newest.id);
const count=posts.slice(0,at<0?posts.length:at).filter(id=>!known.has('post-'+id)).length;
const link=box.querySelector('.fresh a');
if(count){link.querySelector('b').textContent=count;link.hidden=false}
if(end&&Date.parse(end)<Date.now())delete box.dataset.posts
}catch{}
};
document.addEventListener('click',async event=>{
const link=event.target.closest('.fresh a');
if(!link||event.ctrlKey||event.metaKey||event.shiftKey)return;
event.preventDefault();
try{
const page=new DOMParser().parseFromString(await(await fetch(link.href,{cache:'no-cache'})).text(),'text/html');
const next=document.importNode(page.getElementById('posts'),true);
box.replaceWith(next);
box=next;
box.focus()
}catch{location.assign(link.href)}
});
setInterval(look,30000);
document.addEventListener('visibilitychange',look)
})()`;
